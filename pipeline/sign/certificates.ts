import { PipelineError } from '../core/errors.ts';
import { FormatError } from '../formats/format-error.ts';
import { type CertificateEntry, mayServe, readCertificate } from '../formats/signature/certificate.ts';
import { oids } from '../formats/signature/oids.ts';
import { readPlainFile } from '../system/path-kind.ts';

/** The certificates that go into every signature: that of the key, and those of its issuers as far as they were given. */
export interface SigningCertificates {
  readonly leaf: CertificateEntry;
  readonly issuers: readonly CertificateEntry[];
}

/** What Windows takes for drivers: RSA alone, and keys that nobody has broken. */
const leastKeyBits = 2048;
const mostBytes = 2 ** 20;

const formHint =
  'cat leaf.pem root.pem > drivers.pem makes one: the certificate of the key first, then its issuers';
const pemHint = 'openssl x509 -in FILE -out leaf.pem converts one in DER, or in a .pfx';

/** Reads certificates in PEM, that of the key first; throws where the file holds a private key, or what Windows would not take. */
export async function readSigningCertificates(file: string, place: string): Promise<SigningCertificates> {
  const read = await readPlainFile(file, mostBytes);
  if ('problem' in read) throw refused(place, read.problem, formHint);
  const text = read.bytes.toString('latin1');
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    throw refused(place, 'holds a private key, expected certificates alone', formHint);
  const pems = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const [leaf, ...issuers] = pems.map((pem) => certificateOf(pem, place));
  if (leaf === undefined) throw refused(place, 'holds no certificate in PEM', pemHint);
  requireLeafFirst(leaf, issuers, place);
  requireFit(leaf, place);
  requireChain(leaf, issuers, place);
  return { leaf, issuers };
}

function certificateOf(pem: string, place: string): CertificateEntry {
  const base64 = pem.replace(/-----[^-]*-----/g, '');
  try {
    return readCertificate(Buffer.from(base64, 'base64'));
  } catch (error) {
    if (error instanceof FormatError) throw refused(place, error.message, formHint);
    throw error;
  }
}

/** Throws unless a certificate is valid now: Windows refuses new signatures of any other (CERT_E_EXPIRED, 0x800B0101). */
export function requireValidNow(leaf: CertificateEntry, place: string): void {
  const { validFrom, validTo } = leaf.facts;
  const now = new Date().toISOString();
  const isOver = validTo < now;
  if (!isOver && validFrom <= now) return;
  const when = isOver ? `ended on ${validTo.slice(0, 10)}` : `starts on ${validFrom.slice(0, 10)}`;
  throw refused(
    place,
    `the certificate "${certificateName(leaf)}" ${when}: Windows refuses what is signed with it now`,
    'make a new certificate for the key; files that were signed before are made again with --signatures',
  );
}

function requireLeafFirst(leaf: CertificateEntry, issuers: readonly CertificateEntry[], place: string): void {
  const issued = issuers.find((other) => other.x509.checkIssued(leaf.x509));
  if (issued !== undefined)
    throw refused(
      place,
      `"${certificateName(leaf)}" comes first, which issued "${certificateName(issued)}"`,
      formHint,
    );
}

function requireFit(leaf: CertificateEntry, place: string): void {
  const { x509, facts } = leaf;
  const name = certificateName(leaf);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = x509.publicKey;
  const bits = details?.modulusLength ?? 0;
  if (type !== 'rsa')
    throw refused(
      place,
      `the key of "${name}" is of the kind ${type}, expected RSA`,
      'Windows takes RSA for drivers',
    );
  if (bits < leastKeyBits)
    throw refused(
      place,
      `the key of "${name}" has ${bits} bits, expected ${leastKeyBits} or more`,
      'make a new key',
    );
  if (facts.forbidsSigning)
    throw refused(
      place,
      `"${name}" is not for signatures: its key usage lacks digitalSignature`,
      'make the certificate with keyUsage = critical,digitalSignature',
    );
  if (!mayServe(facts, oids.codeSigning))
    throw refused(
      place,
      `"${name}" is not for code: its extended key usage lacks codeSigning`,
      'make the certificate with extendedKeyUsage = codeSigning',
    );
}

function requireChain(leaf: CertificateEntry, issuers: readonly CertificateEntry[], place: string): void {
  let last = leaf;
  for (const issuer of issuers) {
    if (!last.x509.checkIssued(issuer.x509) || !last.x509.verify(issuer.x509.publicKey))
      throw refused(place, `"${certificateName(issuer)}" did not issue "${certificateName(last)}"`, formHint);
    last = issuer;
  }
}

/** Returns how errors name a certificate. */
export function certificateName({ facts }: CertificateEntry): string {
  return facts.commonName ?? facts.subject;
}

function refused(place: string, message: string, hint: string): PipelineError {
  return new PipelineError('input', { place, message, hint });
}
