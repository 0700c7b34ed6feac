import type { Attribute, SignerInfo } from 'pkijs';
import { FormatError } from '../format-error.ts';
import { memoByBytes } from '../memo.ts';
import { type CertificateEntry, readCertificate } from './certificate.ts';
import {
  type Asn1,
  asn1js,
  attempt,
  children,
  contentOf,
  encodingOf,
  isContext,
  oidOf,
  pkijs,
} from './der.ts';
import { oids } from './oids.ts';

/** A PKCS#7 SignedData (RFC 2315, RFC 5652), decoded but not yet checked. */
export interface Pkcs7 {
  readonly contentType: string;
  /** What is signed, as a value; absent in a detached signature. */
  readonly content?: Asn1;
  /** What is signed, without its tag and length: what the digest covers. */
  readonly contentBytes: Uint8Array;
  readonly certificates: readonly CertificateEntry[];
  readonly signers: readonly SignerInfo[];
}

const maxCertificates = 100;
const maxSigners = 16;

/** A release has some dozens of authorities and timestampers, each in hundreds of signatures. */
const readCertificateOnce = memoByBytes(readCertificate);

/** Decodes a SignedData in its ContentInfo; FormatError when the value is none or holds beyond reason. */
export function parsePkcs7(root: Asn1, what: string): Pkcs7 {
  const { announced, certificates, encapsulated, signers } = splitSignedData(root, what);
  if (certificates.length > maxCertificates)
    throw new FormatError(`${what} has more than ${maxCertificates} certificates`);
  if (signers.length > maxSigners) throw new FormatError(`${what} has more than ${maxSigners} signers`);
  const decoded = signers.map((node) => attempt(() => new pkijs.SignerInfo({ schema: node }), what));
  if (decoded.some(({ digestAlgorithm }) => !announced.includes(digestAlgorithm.algorithmId)))
    throw new FormatError(`${what} does not name the digest algorithm of its signer`);
  const info = attempt(() => new pkijs.EncapsulatedContentInfo({ schema: encapsulated }), what);
  const content = (info.eContent as Asn1 | undefined) ?? undefined;
  return {
    contentType: info.eContentType,
    ...(content !== undefined && { content }),
    contentBytes: content === undefined ? new Uint8Array() : contentOf(content, 'signed content'),
    certificates: certificates.filter(isUntagged).map((node) => readCertificateOnce(encodingOf(node))),
    signers: decoded,
  };
}

/** Returns the values of the attributes of one type; FormatError when it is there more than once. */
export function attributeValues(attributes: readonly Attribute[] | undefined, type: string): readonly Asn1[] {
  const [found, second] = (attributes ?? []).filter((attribute) => attribute.type === type);
  if (second !== undefined) throw new FormatError(`attribute ${type} is there twice`);
  return (found?.values ?? []) as Asn1[];
}

/** Splits a SignedData (RFC 5652, 5.1). pkijs' own decoder would build its schema and decode equal certificates anew each time. */
function splitSignedData(root: Asn1, what: string) {
  const { contentType, content } = attempt(() => new pkijs.ContentInfo({ schema: root }), what);
  if (contentType !== oids.signedData || !isSignedData(content as Asn1))
    throw new FormatError(`${what} is not a SignedData`);
  const [version, announced, encapsulated, ...rest] = children(content as Asn1, what);
  if (!isVersion(version)) throw new FormatError(`${what} has a version that is not known`);
  const [first] = rest;
  return {
    encapsulated,
    announced: children(announced, 'digest algorithms').map((node) =>
      oidOf(children(node, 'digest algorithm')[0], 'digest algorithm'),
    ),
    certificates: isContext(first, 0) ? children(first, 'certificates') : [],
    signers: children(rest.find(isUntagged), 'signers'),
  };
}

/** 1 of PKCS#7, or up to 5 (RFC 5652, 5.1). */
function isVersion(node: Asn1 | undefined): boolean {
  const version = node instanceof asn1js.Integer ? node.valueBlock.valueDec : 0;
  return version >= 1 && version <= 5;
}

/** Tells the signers from what may stand before them, and an X.509 certificate from the other kinds (RFC 5652, 10.2.2), which sign nothing here. */
function isUntagged({ idBlock }: Asn1): boolean {
  return idBlock.tagClass === 1;
}

const { Any, Constructed, compareSchema, Integer, Repeated, Sequence, Set: SetOf } = asn1js;

const { AlgorithmIdentifier, EncapsulatedContentInfo } = pkijs;

/** Says whether a value has the parts of a SignedData (RFC 5652, 5.1), whatever its certificates and signers hold. */
function isSignedData(node: Asn1): boolean {
  return attempt(() => compareSchema(node, node, schema).verified, 'signed data');
}

const anything = [new Repeated({ value: new Any() })];

const context = (tagNumber: number) => ({ tagClass: 3, tagNumber });

const schema = new Sequence({
  value: [
    new Integer(),
    new SetOf({ value: [new Repeated({ value: AlgorithmIdentifier.schema() })] }),
    EncapsulatedContentInfo.schema(),
    new Constructed({ optional: true, idBlock: context(0), value: anything }),
    new Constructed({ optional: true, idBlock: context(1), value: anything }),
    new SetOf({ value: anything }),
  ],
});
