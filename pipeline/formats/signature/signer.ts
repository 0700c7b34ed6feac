import { constants, createHash, type KeyObject, publicDecrypt, verify } from 'node:crypto';
import type { CertificateEntry } from './certificate.ts';
import { type Authority, certificateChain } from './chain.ts';
import { attempt, octetsOf, oidOf } from './der.ts';
import { isUsable, type KeyWork } from './key-work.ts';
import { type DigestAlgorithm, digestAlgorithm, oids } from './oids.ts';
import { attributeValues, type SignerInfo } from './signer-info.ts';

/** The content of a signature; the type is absent for countersignatures, which sign raw bytes. */
export interface SignedContent {
  readonly bytes: Uint8Array;
  readonly type?: string;
}

/** A signer's certificate, if present, and the problem of its signature; without a problem the signature is valid. */
export interface SignerCheck {
  readonly certificate?: CertificateEntry;
  readonly authority: Authority;
  readonly isCrossSigned?: true;
  /** Name of the issuer whose certificate is missing from the signer's chain. */
  readonly missingIssuer?: string;
  readonly problem?: string;
}

/**
 * Verifies one signer of a SignedData: its certificate is present, the signed attributes match the content's type and digest,
 * its key signed them as a SET (RFC 5652, 5.4 and 5.6; Authenticode digests the content without tag and length), and the
 * signatures of the certificates up to its root are valid.
 */
export function checkSigner(
  signer: SignerInfo,
  content: SignedContent,
  certificates: readonly CertificateEntry[],
  work: KeyWork,
): SignerCheck {
  const certificate = findCertificate(signer, certificates);
  if (certificate === undefined)
    return { authority: 'unknown', problem: 'the certificate of its signer is missing' };
  const chain = certificateChain(certificate, certificates, work);
  const problem = findProblem(signer, content, publicKey(certificate), work) ?? chain.problem;
  return { certificate, ...chain, ...(problem !== undefined && { problem }) };
}

/** Compares encodings, as CryptoAPI does (CertFindCertificateInStore, CERT_FIND_SUBJECT_CERT). */
function findCertificate(
  { certificate: id }: SignerInfo,
  certificates: readonly CertificateEntry[],
): CertificateEntry | undefined {
  if (id === undefined) return undefined;
  return certificates.find(
    ({ issuer, serial }) =>
      Buffer.compare(serial, id.serial) === 0 && Buffer.compare(issuer, id.issuer) === 0,
  );
}

function publicKey({ x509 }: CertificateEntry): KeyObject {
  return attempt(() => x509.publicKey, 'key of a certificate');
}

function findProblem(
  signer: SignerInfo,
  content: SignedContent,
  key: KeyObject,
  work: KeyWork,
): string | undefined {
  if (!isUsable(key)) return 'the key of its certificate is larger than any that Windows takes';
  const algorithm = digestAlgorithm(signer.digestAlgorithm);
  if (algorithm === undefined) return `digest algorithm ${signer.digestAlgorithm} is unknown`;
  const { signatureAlgorithm, signature } = signer;
  if (!isSignatureAlgorithm(signatureAlgorithm))
    return `signature algorithm ${signatureAlgorithm} is unknown`;
  if (!knownVersions.includes(signer.version)) return 'the version of its signer is unknown';
  if (signer.signedAttributes === undefined) return 'it has no signed attributes';
  const { attributes, signed } = signer.signedAttributes;
  const [type] = attributeValues(attributes, oids.contentType);
  if (content.type !== undefined && oidOf(type, 'content type') !== content.type)
    return 'it signs another content type';
  const [digest] = attributeValues(attributes, oids.messageDigest);
  if (!createHash(algorithm).update(content.bytes).digest().equals(octetsOf(digest, 'message digest'))) {
    return 'the content does not match the signed digest';
  }
  work.count(key);
  const isSigned =
    attempt(() => verify(algorithm, signed, key, signature), 'signature') ||
    (content.type === undefined && signsBareDigest(algorithm, signed, key, signature));
  return isSigned ? undefined : 'the signature does not match the key of its certificate';
}

/** PKCS#7 demands 1, CMS also 3 (RFC 5652, 5.3); signers of the 1990s wrote 0, which CryptoAPI does not check. */
const knownVersions = [0, 1, 3];

/** RSA and elliptic curves, alone or with a digest (RFC 8017, RFC 5480, RFC 5758). */
function isSignatureAlgorithm(oid: string): boolean {
  return /^1\.2\.840\.(113549\.1\.1\.(1|4|5|1[0-3])|10045\.(2\.1|4\.1|4\.3\.[2-4]))$/.test(oid);
}

/** Countersignatures of VeriSign and Symantec contain the digest without the DigestInfo that PKCS#1 requires; Windows accepts them. */
function signsBareDigest(
  algorithm: DigestAlgorithm,
  signed: Uint8Array,
  key: KeyObject,
  signature: Uint8Array,
): boolean {
  if (key.asymmetricKeyType !== 'rsa') return false;
  const digest = createHash(algorithm).update(signed).digest();
  try {
    return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature).equals(digest);
  } catch {
    return false;
  }
}
