import { X509Certificate } from 'node:crypto';
import type { Certificate as PkiCertificate, RelativeDistinguishedNames } from 'pkijs';
import { attempt, isoTime, parseDer, pkijs } from './der.ts';
import { oids } from './oids.ts';

/** What an X.509 certificate says. Names are `CN=…, O=…` as OpenSSL prints them. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly commonName?: string;
  readonly issuerCommonName?: string;
  /** Hexadecimal. */
  readonly serial: string;
  /** Extended key usages as object identifiers; empty when the certificate does not limit its use. */
  readonly ekus: readonly string[];
  readonly validFrom: string;
  readonly validTo: string;
  /** Whether its own key made its signature. */
  readonly selfSigned: boolean;
  /** Digest of the whole certificate, lower-case hexadecimal. */
  readonly sha256: string;
}

/** A certificate in the forms that checks need: parsed by pkijs for its names, by OpenSSL for its key. */
export interface CertificateEntry {
  readonly names: PkiCertificate;
  readonly x509: X509Certificate;
  readonly facts: Certificate;
}

/** Reads a certificate from its DER; FormatError when pkijs or OpenSSL refuses it. */
export function readCertificate(der: Uint8Array): CertificateEntry {
  const root = parseDer(der, 'certificate');
  return attempt(() => {
    const names = new pkijs.Certificate({ schema: root });
    const x509 = new X509Certificate(der);
    return { names, x509, facts: certificateFacts(x509, names) };
  }, 'certificate');
}

/** Says whether a certificate may be used for that extended key usage (RFC 5280, 4.2.1.12): one that names none may for all. */
export function mayServe({ ekus }: Pick<Certificate, 'ekus'>, usage: string): boolean {
  return ekus.length === 0 || ekus.includes(usage) || ekus.includes(oids.anyExtendedKeyUsage);
}

function certificateFacts(x509: X509Certificate, names: PkiCertificate): Certificate {
  const commonName = nameField(names.subject, oids.commonName);
  const issuerCommonName = nameField(names.issuer, oids.commonName);
  return {
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    ...(commonName !== undefined && { commonName }),
    ...(issuerCommonName !== undefined && { issuerCommonName }),
    serial: x509.serialNumber.toLowerCase(),
    ekus: x509.keyUsage ?? [],
    validFrom: isoTime(names.notBefore.value, 'start of the certificate'),
    validTo: isoTime(names.notAfter.value, 'end of the certificate'),
    selfSigned: x509.subject === x509.issuer && x509.verify(x509.publicKey),
    sha256: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

/** Returns a part of a name; undefined when the name has it not exactly once, so that nobody hides one behind another. */
function nameField(name: RelativeDistinguishedNames, type: string): string | undefined {
  const values = name.typesAndValues.filter((field) => field.type === type);
  const value: unknown = values.length === 1 ? values[0]?.value.valueBlock.value : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Returns a name that Node states in lines as one line: `O=Example, CN=Example Root`. */
export function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
