import { createHash } from 'node:crypto';
import type { SignerInfo, TSTInfo } from 'pkijs';
import type { Certificate, CertificateEntry } from './certificate.ts';
import { type Asn1, attempt, isoTime, octetsOf, parseDer, timeOf } from './der.ts';
import { digestAlgorithm, oids } from './oids.ts';
import { attributeValues, parsePkcs7 } from './pkcs7.ts';
import { pkijs } from './pki-libraries.ts';
import { checkSigner } from './signer.ts';

/** When somebody else saw a signature; without a `problem` its mathematics are right. */
export interface Timestamp {
  readonly kind: 'countersignature' | 'rfc3161';
  /** ISO 8601 in UTC. */
  readonly time: string;
  readonly certificate?: Certificate;
  readonly problem?: string;
}

/** Reads and checks a signer's timestamp: a PKCS#9 countersignature or an RFC 3161 token, if there is one. */
export function readTimestamp(
  signer: SignerInfo,
  certificates: readonly CertificateEntry[],
): Timestamp | undefined {
  const signature = octetsOf(signer.signature, 'signature');
  const [token] = attributeValues(signer.unsignedAttrs?.attributes, oids.timestampToken);
  if (token !== undefined) return readToken(token, signature);
  const [counter] = attributeValues(signer.unsignedAttrs?.attributes, oids.counterSignature);
  return counter === undefined ? undefined : readCounterSignature(counter, signature, certificates);
}

function readCounterSignature(
  node: Asn1,
  signature: Uint8Array,
  certificates: readonly CertificateEntry[],
): Timestamp {
  const counter = attempt(() => new pkijs.SignerInfo({ schema: node }), 'countersignature');
  const [time] = attributeValues(counter.signedAttrs?.attributes, oids.signingTime);
  const { certificate, problem } = checkSigner(counter, { bytes: signature }, certificates);
  return {
    kind: 'countersignature',
    time: timeOf(time, 'signing time'),
    ...(certificate !== undefined && { certificate: certificate.facts }),
    ...(problem !== undefined && { problem }),
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
  const check =
    signer === undefined ? { problem: 'nobody signed it' } : checkSigner(signer, content, token.certificates);
  const problem =
    check.problem ?? (isImprintOf(info, signature) ? undefined : 'it is the timestamp of another signature');
  return {
    kind: 'rfc3161',
    time: isoTime(info.genTime, 'time of the timestamp'),
    ...('certificate' in check &&
      check.certificate !== undefined && { certificate: check.certificate.facts }),
    ...(problem !== undefined && { problem }),
  };
}

function isImprintOf({ messageImprint }: TSTInfo, signature: Uint8Array): boolean {
  const algorithm = digestAlgorithm(messageImprint.hashAlgorithm.algorithmId);
  if (algorithm === undefined) return false;
  const expected = octetsOf(messageImprint.hashedMessage, 'message imprint');
  return createHash(algorithm).update(signature).digest().equals(expected);
}
