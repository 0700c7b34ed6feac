import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  context,
  der,
  inOrder,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  setOf,
  text,
  utcTime,
} from './asn1.ts';

/** A certificate with its key, made for a test. */
export interface TestCertificate {
  readonly der: Uint8Array;
  readonly key: KeyObject;
  readonly issuerName: Uint8Array;
  readonly name: Uint8Array;
  readonly serial: number;
}

export interface CertificateOptions {
  /** The common name; several are put one after another. */
  readonly name: string | readonly string[];
  readonly organization?: string;
  /** Attributes before the organization, with their types: country, state and locality. */
  readonly place?: readonly (readonly [type: string, value: string])[];
  /** Self-signed without an issuer. */
  readonly issuer?: TestCertificate;
  readonly ekus?: string[];
  readonly isAuthority?: boolean;
  /** Leaves out the basic constraints, as authorities of 1997 do. */
  readonly isUnconstrained?: boolean;
  /** Start and end as UTCTime; 2020 to 2039 when absent. */
  readonly validity?: readonly [string, string];
  /** Certifies the key of another certificate. */
  readonly certifies?: TestCertificate;
  /** Gives the certificate a self-signature with MD2, which cannot be checked. */
  readonly isMd2?: boolean;
  /** The next one of the process when absent. */
  readonly serial?: number;
  /** Whether programs that do not know the extended key usage must refuse it, as timestamp authorities have it. */
  readonly isCritical?: boolean;
  /** The bits of the key usage extension, such as 0x80 for digitalSignature; without it when absent. */
  readonly keyUsage?: number;
  /** Of the RSA key; 1024 when absent. */
  readonly bits?: number;
}

let lastSerial = 0;

/** Makes a certificate with an RSA key. */
export function makeCertificate(options: CertificateOptions): TestCertificate {
  const privateKey =
    options.certifies?.key ?? generateKeyPairSync('rsa', { modulusLength: options.bits ?? 1024 }).privateKey;
  const publicKey = createPublicKey(privateKey);
  const { serial = ++lastSerial, isMd2 = false } = options;
  const algorithm = isMd2 ? md2Rsa : sha256Rsa;
  const name = distinguishedName(options);
  const issuerName = options.issuer?.name ?? name;
  const [from, to] = options.validity ?? ['200101000000Z', '391231235959Z'];
  const body = sequence(
    context(0, integer(2)),
    integer(serial),
    algorithm,
    issuerName,
    sequence(utcTime(from), utcTime(to)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensions(options))),
  );
  const signature = isMd2 ? Buffer.alloc(128, 1) : sign('sha256', body, options.issuer?.key ?? privateKey);
  return {
    der: sequence(body, algorithm, der(0x03, Buffer.from([0]), signature)),
    key: privateKey,
    issuerName,
    name,
    serial,
  };
}

const sha256Rsa = sequence(oid('1.2.840.113549.1.1.11'), nothing);
const md2Rsa = sequence(oid('1.2.840.113549.1.1.2'), nothing);
const rsa = sequence(oid('1.2.840.113549.1.1.1'), nothing);
const md5 = sequence(oid('1.2.840.113549.2.5'), nothing);
const sha1 = sequence(oid('1.3.14.3.2.26'), nothing);
export const sha256 = sequence(oid('2.16.840.1.101.3.4.2.1'), nothing);
const digests = { md5, sha1, sha256 };

function distinguishedName({ name, organization = 'Tests', place = [] }: CertificateOptions): Uint8Array {
  const field = (type: string, value: string) => setOf(sequence(oid(type), text(value)));
  return sequence(
    ...place.map(([type, value]) => field(type, value)),
    field('2.5.4.10', organization),
    ...[name].flat().map((value) => field('2.5.4.3', value)),
  );
}

function extensions({
  ekus = [],
  isAuthority = false,
  isCritical = false,
  isUnconstrained = false,
  keyUsage,
}: CertificateOptions): Uint8Array[] {
  const authority = sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : []));
  const basic = sequence(oid('2.5.29.19'), octets(authority));
  const critical = isCritical ? [der(0x01, Buffer.from([0xff]))] : [];
  const usage = sequence(oid('2.5.29.37'), ...critical, octets(sequence(...ekus.map(oid))));
  const bits = sequence(oid('2.5.29.15'), octets(der(0x03, Buffer.from([0, keyUsage ?? 0]))));
  return [
    ...(isUnconstrained ? [] : [basic]),
    ...(ekus.length > 0 ? [usage] : []),
    ...(keyUsage === undefined ? [] : [bits]),
  ];
}

export interface SignerOptions {
  readonly certificate: TestCertificate;
  /** What the digest covers: the content without its tag and length. */
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly signedAttributes?: Uint8Array[];
  readonly unsignedAttributes?: (signature: Uint8Array) => Uint8Array[];
  /** Default: sha256. */
  readonly digest?: 'md5' | 'sha1' | 'sha256';
  /** Default: 1. */
  readonly version?: number;
  readonly makeSignature?: (attributes: Uint8Array, key: KeyObject) => Uint8Array;
}

/** An attribute of a signer. */
export function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), setOf(value));
}

/** Makes a SignerInfo with RSA. */
export function makeSigner(options: SignerOptions): Uint8Array {
  const {
    certificate,
    bytes,
    contentType,
    signedAttributes = [],
    unsignedAttributes,
    makeSignature,
    digest = 'sha256',
    version = 1,
  } = options;
  const attributes = inOrder([
    attribute('1.2.840.113549.1.9.3', oid(contentType)),
    attribute('1.2.840.113549.1.9.4', octets(createHash(digest).update(bytes).digest())),
    ...signedAttributes,
  ]);
  const signed = setOf(...attributes);
  const signature = makeSignature?.(signed, certificate.key) ?? sign(digest, signed, certificate.key);
  const unsigned = inOrder(unsignedAttributes?.(signature) ?? []);
  return sequence(
    integer(version),
    sequence(certificate.issuerName, integer(certificate.serial)),
    digests[digest],
    context(0, ...attributes),
    rsa,
    octets(signature),
    ...(unsigned.length > 0 ? [context(1, ...unsigned)] : []),
  );
}

/** Makes a SignedData in its ContentInfo; without signers it is an unsigned catalog's. */
export function makeSignedData(
  contentType: string,
  content: Uint8Array,
  certificates: readonly TestCertificate[] = [],
  signers: readonly Uint8Array[] = [],
  digest: SignerOptions['digest'] = 'sha256',
): Uint8Array {
  const data = sequence(
    integer(1),
    setOf(...(signers.length > 0 ? [digests[digest]] : [])),
    sequence(oid(contentType), context(0, content)),
    ...(certificates.length > 0 ? [context(0, ...inOrder(certificates.map((one) => one.der)))] : []),
    setOf(...signers),
  );
  return sequence(oid('1.2.840.113549.1.7.2'), context(0, data));
}

/** The bytes of a DER value without its tag and length. */
export function inside(value: Uint8Array): Uint8Array {
  const first = value[1] ?? 0;
  return value.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
}
