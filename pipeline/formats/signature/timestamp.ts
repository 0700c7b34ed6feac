import { createHash } from 'node:crypto';
import { FormatError } from '../format-error.ts';
import { type Certificate, type CertificateEntry, mayServe } from './certificate.ts';
import type { Authority } from './chain.ts';
import { type Asn1, children, octetsOf, parseDer, timeOf } from './der.ts';
import { type KeyWork, startKeyWork } from './key-work.ts';
import { algorithmName, digestAlgorithm, oids } from './oids.ts';
import { parsePkcs7, parseSignedData } from './pkcs7.ts';
import { checkSigner, type SignerCheck } from './signer.ts';
import { algorithmOf, attributeValues, readSignerInfo, type SignerInfo } from './signer-info.ts';

/** A timestamp of a signature. */
export interface Timestamp {
  readonly kind: 'countersignature' | 'rfc3161';
  /** ISO 8601 in UTC; absent when unreadable. */
  readonly time?: string;
  readonly certificate?: Certificate;
  /** `public` when a public authority certified the signer for timestamps; Windows ignores others. */
  readonly authority: Authority;
  /** Node's name of the algorithm, or its object identifier when unknown; absent when unreadable. */
  readonly digestAlgorithm?: string;
  /** Why the timestamp is invalid; absent when it is cryptographically valid. */
  readonly problem?: string;
}

/** Returns the time of a timestamp that Windows accepts: valid and by a public authority. */
export function provenTime(timestamp: Timestamp | undefined): string | undefined {
  return timestamp?.problem === undefined && timestamp?.authority === 'public' ? timestamp.time : undefined;
}

/** Verifies a signer's timestamp, if present: a PKCS#9 countersignature or an RFC 3161 token. An unreadable one is broken. */
export function readTimestamp(
  signer: SignerInfo,
  certificates: readonly CertificateEntry[],
  work: KeyWork,
): Timestamp | undefined {
  const { signature, unsignedAttributes: attributes } = signer;
  const [token] = attributeValues(attributes, oids.timestampToken);
  if (token !== undefined) return orBroken('rfc3161', () => readToken(token, signature, work));
  const [counter] = attributeValues(attributes, oids.counterSignature);
  if (counter === undefined) return unknownTimestamp(attributes.map(({ type }) => type));
  return orBroken('countersignature', () => readCounterSignature(counter, signature, certificates, work));
}

/** An unsigned attribute is a timestamp, a nested signature or a seal (`…311.2.6`); any other type means that it was changed. */
function unknownTimestamp(types: readonly string[]): Timestamp | undefined {
  const type = types.find((one) => one !== oids.nestedSignature && !one.startsWith('1.3.6.1.4.1.311.2.6.'));
  if (type === undefined) return undefined;
  const problem = `unsigned attribute ${type} is not a known timestamp`;
  return { kind: 'countersignature', authority: 'unknown', problem };
}

/** Reads and checks an RFC 3161 token (DER) of a signature; one that cannot be read is broken. */
export function readTimestampToken(der: Uint8Array, signature: Uint8Array): Timestamp {
  return orBroken('rfc3161', () =>
    readToken(parseSignedData(der, 'timestamp'), signature, startKeyWork('timestamp')),
  );
}

function orBroken(kind: Timestamp['kind'], read: () => Timestamp): Timestamp {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) return { kind, authority: 'unknown', problem: error.message };
    throw error;
  }
}

function readCounterSignature(
  node: Asn1,
  signature: Uint8Array,
  certificates: readonly CertificateEntry[],
  work: KeyWork,
): Timestamp {
  const counter = readSignerInfo(node, 'countersignature');
  const [time] = attributeValues(counter.signedAttributes?.attributes ?? [], oids.signingTime);
  return {
    kind: 'countersignature',
    time: timeOf(time, 'signing time'),
    digestAlgorithm: algorithmName(counter.digestAlgorithm),
    ...makerOf(checkSigner(counter, { bytes: signature }, certificates, work)),
  };
}

function readToken(node: Asn1, signature: Uint8Array, work: KeyWork): Timestamp {
  const token = parsePkcs7(node, 'timestamp');
  const [, , imprint, , time] = children(parseDer(token.contentBytes, 'timestamp'), 'timestamp');
  const [signer] = token.signers;
  const content = { bytes: token.contentBytes, type: oids.timestampInfo };
  const maker =
    signer === undefined
      ? { authority: 'unknown' as const, problem: 'it has no signature' }
      : makerOf(checkSigner(signer, content, token.certificates, work));
  const problem =
    maker.problem ?? (isImprintOf(imprint, signature) ? undefined : 'it belongs to another signature');
  return {
    kind: 'rfc3161',
    time: timeOf(time, 'time of the timestamp'),
    ...(signer !== undefined && { digestAlgorithm: algorithmName(signer.digestAlgorithm) }),
    ...maker,
    ...(problem !== undefined && { problem }),
  };
}

function makerOf({
  certificate,
  authority,
  problem,
}: SignerCheck): Pick<Timestamp, 'certificate' | 'authority' | 'problem'> {
  const isForTimes = certificate !== undefined && mayServe(certificate.facts, oids.timeStamping);
  return {
    authority: isForTimes ? authority : 'unknown',
    ...(certificate !== undefined && { certificate: certificate.facts }),
    ...(problem !== undefined && { problem }),
  };
}

/** Returns whether a MessageImprint (RFC 3161, 2.4.1) is the digest of a signature. */
function isImprintOf(node: Asn1 | undefined, signature: Uint8Array): boolean {
  const [algorithmNode, hashed] = children(node, 'message imprint');
  const algorithm = digestAlgorithm(algorithmOf(algorithmNode, 'message imprint'));
  if (algorithm === undefined) return false;
  return createHash(algorithm).update(signature).digest().equals(octetsOf(hashed, 'message imprint'));
}
