import * as asn1js from 'asn1js';
import { FormatError } from '../format-error.ts';
import { memoByBytes } from '../memo.ts';
import { type CertificateEntry, readCertificate } from './certificate.ts';
import {
  type Asn1,
  children,
  contentOf,
  damaged,
  encodingOf,
  fields,
  isContext,
  oidOf,
  parseDer,
} from './der.ts';
import { constructedBit, type DerPart, derParts } from './der-parts.ts';
import { oids } from './oids.ts';
import { algorithmOf, readSignerInfo, type SignerInfo } from './signer-info.ts';

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
  const decoded = signers.map((node) => readSignerInfo(node, what));
  if (decoded.some(({ digestAlgorithm }) => !announced.includes(digestAlgorithm)))
    throw new FormatError(`${what} does not name the digest algorithm of its signer`);
  const { type, content } = typedContent(encapsulated, what);
  return {
    contentType: type,
    ...(content !== undefined && { content }),
    contentBytes: content === undefined ? new Uint8Array() : contentOf(content, 'signed content'),
    certificates: certificates.map(readCertificateOnce),
    signers: decoded,
  };
}

/**
 * Decodes a SignedData (DER) without its certificates, which are decoded once each: they are most of the values of a signature, and the
 * same few in hundreds of signatures.
 */
export function parseSignedData(der: Uint8Array, what: string): Asn1 {
  if (der.length > maxCopiedBytes) return parseDer(der, what);
  const copy = Uint8Array.from(der);
  const [contentInfo] = partsOf(copy);
  if (contentInfo !== undefined) closeCertificates(contentInfo, { what, left: maxClosedBytes }, 0);
  return parseDer(copy, what);
}

/** Catalogs of 2,000 files are smaller. */
const maxCopiedBytes = 4 * 1024 * 1024;

/** Splits what has few parts: a SignedData, a signer, its attributes, the certificates. */
function partsOf(der: Uint8Array | undefined): DerPart[] {
  return derParts(der, maxCertificates);
}

const contextTag = 0x80;

const tags = {
  sequence: 0x30,
  set: 0x31,
  certificates: contextTag | constructedBit,
  closedCertificates: contextTag,
  unsignedAttributes: contextTag | constructedBit | 1,
};

/** The rest counts with all other values towards the limits of a signature; real signatures have less than 20 KiB of certificates. */
const maxClosedBytes = 256 * 1024;

/** Signatures nest less deeply than this. */
const maxDepth = 8;

/** Makes the certificates of a SignedData a primitive value, whose content is not decoded; also in its timestamps and nested signatures. */
function closeCertificates(
  contentInfo: DerPart,
  budget: { readonly what: string; left: number },
  depth: number,
): void {
  if (depth > maxDepth) return;
  const [, wrapped] = partsOf(contentInfo.content);
  const [signedData] = partsOf(wrapped?.content);
  const [, , , ...rest] = partsOf(signedData?.content);
  if (rest.some(({ tag }) => tag === tags.closedCertificates)) throw damaged(budget.what);
  const certificates = rest.find(({ tag }) => tag === tags.certificates);
  if (certificates !== undefined && partsOf(certificates.content).length > 0) {
    budget.left -= certificates.bytes.length;
    if (budget.left < 0) return;
    certificates.bytes[0] = tags.closedCertificates;
  }
  for (const signer of partsOf(rest.find(({ tag }) => tag === tags.set)?.content)) {
    const attributes = partsOf(signer.content).find(({ tag }) => tag === tags.unsignedAttributes);
    for (const attribute of partsOf(attributes?.content)) {
      const [, values] = partsOf(attribute.content);
      for (const value of partsOf(values?.content))
        if (value.tag === tags.sequence) closeCertificates(value, budget, depth + 1);
    }
  }
}

/** Splits a SignedData (RFC 5652, 5.1). */
function splitSignedData(root: Asn1, what: string) {
  const { type, content } = typedContent(root, what);
  const parts = type === oids.signedData ? fields(content, what) : [];
  const [version, announced, encapsulated, ...rest] = parts;
  const algorithms = isSet(announced) ? children(announced, what) : undefined;
  const signers = rest.find(isSet);
  if (!(version instanceof asn1js.Integer && algorithms?.every(isSequence) && signers && hasOrder(rest)))
    throw new FormatError(`${what} is not a SignedData`);
  if (!isVersion(version.valueBlock.valueDec)) throw new FormatError(`${what} has an unknown version`);
  const [first] = rest;
  return {
    encapsulated,
    announced: algorithms.map((node) => algorithmOf(node, what)),
    certificates: isContext(first, 0) ? certificatesOf(first) : [],
    signers: children(signers, what),
  };
}

/** Returns whether only certificates and revocation lists precede the signers. */
function hasOrder(rest: readonly Asn1[]): boolean {
  const kinds = rest.map((node) => (isSet(node) ? 's' : [0, 1].find((tag) => isContext(node, tag))));
  return /^0?1?s/.test(kinds.join(''));
}

function isSet(node: Asn1 | undefined): boolean {
  return node instanceof asn1js.Set;
}

function isSequence(node: Asn1): boolean {
  return node instanceof asn1js.Sequence;
}

/** Reads a ContentInfo or an EncapsulatedContentInfo (RFC 5652, 3 and 5.2): a type, and the content that it may have. */
function typedContent(node: Asn1 | undefined, what: string) {
  const [type, tagged, more] = fields(node, what);
  if (more !== undefined || !(tagged === undefined || isContext(tagged, 0))) throw damaged(what);
  const [content] = tagged === undefined ? [] : children(tagged, what);
  return { type: oidOf(type, what), content };
}

const classBits = 0xc0;

/** Returns the encodings of X.509 certificates; the other kinds are tagged (RFC 5652, 10.2.2) and ignored. */
function certificatesOf(set: Asn1 | undefined): Uint8Array[] {
  const content = set instanceof asn1js.Primitive ? set.valueBlock.valueHexView : undefined;
  return content === undefined
    ? children(set, 'certificates').filter(isUntagged).map(encodingOf)
    : derParts(content)
        .filter(({ tag }) => (tag & classBits) === 0)
        .map(({ bytes }) => bytes);
}

/** PKCS#7 has version 1, CMS up to 5 (RFC 5652, 5.1). */
function isVersion(version: number): boolean {
  return version >= 1 && version <= 5;
}

function isUntagged({ idBlock }: Asn1): boolean {
  return idBlock.tagClass === 1;
}
