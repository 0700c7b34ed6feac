import { createHash } from 'node:crypto';
import type { SignerInfo, TSTInfo } from 'pkijs';
import { FormatError } from '../format-error.ts';
import { type Certificate, type CertificateEntry, mayServe } from './certificate.ts';
import type { Authority } from './chain.ts';
import { type Asn1, attempt, isoTime, octetsOf, parseDer, pkijs, timeOf } from './der.ts';
import { type KeyWork, startKeyWork } from './key-work.ts';
import { algorithmName, digestAlgorithm, oids } from './oids.ts';
import { attributeValues, parsePkcs7 } from './pkcs7.ts';
import { checkSigner, type SignerCheck } from './signer.ts';

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
  const signature = octetsOf(signer.signature, 'signature');
  const attributes = signer.unsignedAttrs?.attributes ?? [];
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
    readToken(parseDer(der, 'timestamp'), signature, startKeyWork('timestamp')),
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
  const counter = attempt(() => new pkijs.SignerInfo({ schema: node }), 'countersignature');
  const [time] = attributeValues(counter.signedAttrs?.attributes, oids.signingTime);
  return {
    kind: 'countersignature',
    time: timeOf(time, 'signing time'),
    digestAlgorithm: algorithmName(counter.digestAlgorithm.algorithmId),
    ...makerOf(checkSigner(counter, { bytes: signature }, certificates, work)),
  };
}

function readToken(node: Asn1, signature: Uint8Array, work: KeyWork): Timestamp {
  const token = parsePkcs7(node, 'timestamp');
  const info = attempt(
    () => new pkijs.TSTInfo({ schema: parseDer(token.contentBytes, 'timestamp') }),
    'timestamp',
  );
  const [signer] = token.signers;
  const content = { bytes: token.contentBytes, type: oids.timestampInfo };
  const maker =
    signer === undefined
      ? { authority: 'unknown' as const, problem: 'it has no signature' }
      : makerOf(checkSigner(signer, content, token.certificates, work));
  const problem =
    maker.problem ?? (isImprintOf(info, signature) ? undefined : 'it belongs to another signature');
  return {
    kind: 'rfc3161',
    time: isoTime(info.genTime, 'time of the timestamp'),
    ...(signer !== undefined && { digestAlgorithm: algorithmName(signer.digestAlgorithm.algorithmId) }),
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

function isImprintOf({ messageImprint }: TSTInfo, signature: Uint8Array): boolean {
  const algorithm = digestAlgorithm(messageImprint.hashAlgorithm.algorithmId);
  if (algorithm === undefined) return false;
  const expected = octetsOf(messageImprint.hashedMessage, 'message imprint');
  return createHash(algorithm).update(signature).digest().equals(expected);
}
