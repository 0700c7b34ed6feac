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

/** A PKCS#7 SignedData (RFC 2315, RFC 5652), decoded but not verified. */
export interface Pkcs7 {
  readonly contentType: string;
  /** The signed content; absent in a detached signature. */
  readonly content?: Asn1;
  /** The signed content without tag and length, which the digest covers. */
  readonly contentBytes: Uint8Array;
  readonly certificates: readonly CertificateEntry[];
  readonly signers: readonly SignerInfo[];
}

const maxCertificates = 100;
const maxSigners = 16;

/** A release has a few dozen authorities and timestampers, each in hundreds of signatures. */
const readCertificateOnce = memoByBytes(readCertificate);

/** Decodes a SignedData in its ContentInfo; FormatError for other input or when a limit is exceeded. */
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

/** Returns the values of the attribute of one type; FormatError when it occurs twice. */
export function attributeValues(attributes: readonly Attribute[] | undefined, type: string): readonly Asn1[] {
  const [found, second] = (attributes ?? []).filter((attribute) => attribute.type === type);
  if (second !== undefined) throw new FormatError(`attribute ${type} occurs twice`);
  return (found?.values ?? []) as Asn1[];
}

/** Splits a SignedData (RFC 5652, 5.1). The decoder of pkijs builds its schema and decodes equal certificates again each time. */
function splitSignedData(root: Asn1, what: string) {
  const { contentType, content } = attempt(() => new pkijs.ContentInfo({ schema: root }), what);
  if (contentType !== oids.signedData || !isSignedData(content as Asn1))
    throw new FormatError(`${what} is not a SignedData`);
  const [version, announced, encapsulated, ...rest] = children(content as Asn1, what);
  if (!isVersion(version)) throw new FormatError(`${what} has an unknown version`);
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

/** PKCS#7 has version 1, CMS up to 5 (RFC 5652, 5.1). */
function isVersion(node: Asn1 | undefined): boolean {
  const version = node instanceof asn1js.Integer ? node.valueBlock.valueDec : 0;
  return version >= 1 && version <= 5;
}

/** Separates the signers from optional fields before them, and X.509 certificates from the other kinds (RFC 5652, 10.2.2), which are ignored. */
function isUntagged({ idBlock }: Asn1): boolean {
  return idBlock.tagClass === 1;
}

const { Any, Constructed, compareSchema, Integer, Repeated, Sequence, Set: SetOf } = asn1js;

const { AlgorithmIdentifier, EncapsulatedContentInfo } = pkijs;

/** Returns whether a value has the structure of a SignedData (RFC 5652, 5.1), without checking its certificates and signers. */
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
