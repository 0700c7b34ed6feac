import { X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { type Asn1, attempt, damaged, encodingOf, fields, isContext, isoTime, parseDer } from './der.ts';
import { oids } from './oids.ts';

/** Facts of an X.509 certificate. Names have the form `CN=…, O=…`, as OpenSSL prints them. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly commonName?: string;
  readonly issuerCommonName?: string;
  /** Hexadecimal. */
  readonly serial: string;
  /** Extended key usages as object identifiers; empty when the certificate does not limit its use. */
  readonly ekus: readonly string[];
  /** Set when its key usage lacks digitalSignature (RFC 5280, 4.2.1.3); one without that extension allows all. */
  readonly forbidsSigning?: true;
  /** Set when its key usage is keyEncipherment and dataEncipherment, as in the test certificates that Visual Studio makes (WDKTestCert). */
  readonly isForEncipherment?: true;
  readonly validFrom: string;
  readonly validTo: string;
  /** Whether the certificate is signed with its own key. */
  readonly selfSigned: boolean;
  /** Digest of the whole certificate, lower-case hexadecimal. */
  readonly sha256: string;
}

/** A certificate parsed by pkijs for its names and by OpenSSL for its key. */
export interface CertificateEntry {
  /** Object identifier of the algorithm that signed it. */
  readonly signatureAlgorithm: string;
  readonly x509: X509Certificate;
  /** The encodings of its issuer and serial number. */
  readonly issuer: Uint8Array;
  readonly serial: Uint8Array;
  readonly facts: Certificate;
}

/** Parses a certificate from DER; FormatError when pkijs or OpenSSL rejects it. */
export function readCertificate(der: Uint8Array): CertificateEntry {
  const root = parseDer(der, 'certificate');
  return attempt(() => {
    const names = new pkijs.Certificate({ schema: root });
    const x509 = new X509Certificate(der);
    const { issuer, serial } = issuerAndSerial(root);
    const { algorithmId: signatureAlgorithm } = names.signatureAlgorithm;
    return { signatureAlgorithm, x509, issuer, serial, facts: certificateFacts(x509, names) };
  }, 'certificate');
}

/** Returns the encodings of the issuer and the serial number as they stand in a certificate; FormatError for other input. */
export function issuerAndSerial(certificate: Asn1) {
  const [body] = fields(certificate, 'certificate');
  const values = fields(body, 'certificate');
  const [serial, , issuer] = isContext(values[0], 0) ? values.slice(1) : values;
  if (serial === undefined || issuer === undefined) throw damaged('certificate');
  return { serial: encodingOf(serial), issuer: encodingOf(issuer) };
}

/** Returns whether a certificate allows an extended key usage (RFC 5280, 4.2.1.12); one without the extension allows all. */
export function mayServe({ ekus }: Pick<Certificate, 'ekus'>, usage: string): boolean {
  return ekus.length === 0 || ekus.includes(usage) || ekus.includes(oids.anyExtendedKeyUsage);
}

function certificateFacts(x509: X509Certificate, names: pkijs.Certificate): Certificate {
  const commonName = nameField(names.subject, oids.commonName);
  const issuerCommonName = nameField(names.issuer, oids.commonName);
  return {
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    ...(commonName !== undefined && { commonName }),
    ...(issuerCommonName !== undefined && { issuerCommonName }),
    serial: x509.serialNumber.toLowerCase(),
    ekus: x509.keyUsage ?? [],
    ...usageFacts(names),
    validFrom: isoTime(names.notBefore.value, 'start of the certificate'),
    validTo: isoTime(names.notAfter.value, 'end of the certificate'),
    selfSigned: x509.subject === x509.issuer && x509.verify(x509.publicKey),
    sha256: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

const digitalSignature = 0x80;
const keyAndDataEncipherment = 0x30;

function usageFacts({
  extensions = [],
}: pkijs.Certificate): Pick<Certificate, 'forbidsSigning' | 'isForEncipherment'> {
  const usage: unknown = extensions.find(({ extnID }) => extnID === oids.keyUsage)?.parsedValue;
  if (!(usage instanceof asn1js.BitString)) return {};
  const [bits = 0] = usage.valueBlock.valueHexView;
  if ((bits & digitalSignature) !== 0) return {};
  return { forbidsSigning: true, ...(bits === keyAndDataEncipherment && { isForEncipherment: true }) };
}

/** Returns an attribute of a name; undefined unless it occurs exactly once, so that a second one cannot be hidden. */
function nameField(name: pkijs.RelativeDistinguishedNames, type: string): string | undefined {
  const values = name.typesAndValues.filter((field) => field.type === type);
  const value: unknown = values.length === 1 ? values[0]?.value.valueBlock.value : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Joins the lines of a Node name: `O=Example, CN=Example Root`. */
export function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
