import { createHash } from 'node:crypto';
import type { SignerInfo, TSTInfo } from 'pkijs';
import { FormatError } from '../format-error.ts';
import { type Certificate, type CertificateEntry, mayServe } from './certificate.ts';
import type { Authority } from './chain.ts';
import { type Asn1, attempt, isoTime, octetsOf, parseDer, pkijs, timeOf } from './der.ts';
import { digestAlgorithm, oids } from './oids.ts';
import { attributeValues, parsePkcs7 } from './pkcs7.ts';
import { checkSigner, type SignerCheck } from './signer.ts';

/** When somebody else saw a signature. */
export interface Timestamp {
  readonly kind: 'countersignature' | 'rfc3161';
  /** ISO 8601 in UTC; absent where it cannot be read. */
  readonly time?: string;
  readonly certificate?: Certificate;
  /** `public` when a public authority certified its maker for timestamps; Windows counts no other. */
  readonly authority: Authority;
  /** Why it proves nothing; without one its mathematics are right. */
  readonly problem?: string;
}

/** Returns the time that a timestamp proves to Windows: it is whole, and by a public authority. */
export function provenTime(timestamp: Timestamp | undefined): string | undefined {
  return timestamp?.problem === undefined && timestamp?.authority === 'public' ? timestamp.time : undefined;
}

/** Reads and checks a signer's timestamp: a PKCS#9 countersignature or an RFC 3161 token, if there is one. One that cannot be read is broken. */
export function readTimestamp(
  signer: SignerInfo,
  certificates: readonly CertificateEntry[],
): Timestamp | undefined {
  const signature = octetsOf(signer.signature, 'signature');
  const attributes = signer.unsignedAttrs?.attributes ?? [];
  const [token] = attributeValues(attributes, oids.timestampToken);
  if (token !== undefined) return orBroken('rfc3161', () => readToken(token, signature));
  const [counter] = attributeValues(attributes, oids.counterSignature);
  if (counter === undefined) return unknownTimestamp(attributes.map(({ type }) => type));
  return orBroken('countersignature', () => readCounterSignature(counter, signature, certificates));
}

/** What stands beside a signature is a timestamp, another signature or a seal (`…311.2.6`): an attribute of another type was changed. */
function unknownTimestamp(types: readonly string[]): Timestamp | undefined {
  const type = types.find((one) => one !== oids.nestedSignature && !one.startsWith('1.3.6.1.4.1.311.2.6.'));
  if (type === undefined) return undefined;
  const problem = `unsigned attribute ${type} is no timestamp that is known`;
  return { kind: 'countersignature', authority: 'unknown', problem };
}

/** Reads and checks an RFC 3161 token (DER) of a signature; one that cannot be read is broken. */
export function readTimestampToken(der: Uint8Array, signature: Uint8Array): Timestamp {
  return orBroken('rfc3161', () => readToken(parseDer(der, 'timestamp'), signature));
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
): Timestamp {
  const counter = attempt(() => new pkijs.SignerInfo({ schema: node }), 'countersignature');
  const [time] = attributeValues(counter.signedAttrs?.attributes, oids.signingTime);
  return {
    kind: 'countersignature',
    time: timeOf(time, 'signing time'),
    ...makerOf(checkSigner(counter, { bytes: signature }, certificates)),
  };
}

function readToken(node: Asn1, signature: Uint8Array): Timestamp {
  const token = parsePkcs7(node, 'timestamp');
  const info = attempt(
    () => new pkijs.TSTInfo({ schema: parseDer(token.contentBytes, 'timestamp') }),
    'timestamp',
  );
  const [signer] = token.signers;
  const content = { bytes: token.contentBytes, type: oids.timestampInfo };
  const maker =
    signer === undefined
      ? { authority: 'unknown' as const, problem: 'nobody signed it' }
      : makerOf(checkSigner(signer, content, token.certificates));
  const problem =
    maker.problem ?? (isImprintOf(info, signature) ? undefined : 'it is the timestamp of another signature');
  return {
    kind: 'rfc3161',
    time: isoTime(info.genTime, 'time of the timestamp'),
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
