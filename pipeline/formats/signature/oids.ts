/** Object identifiers of signatures and catalogs (Microsoft, "Object IDs associated with Microsoft cryptography"; RFC 5652, 3161). */
export const oids = {
  commonName: '2.5.4.3',
  anyExtendedKeyUsage: '2.5.29.37.0',
  keyUsage: '2.5.29.15',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  counterSignature: '1.2.840.113549.1.9.6',
  timestampToken: '1.3.6.1.4.1.311.3.3.1',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
  nestedSignature: '1.3.6.1.4.1.311.2.4.1',
  opusInfo: '1.3.6.1.4.1.311.2.1.12',
  rsaEncryption: '1.2.840.113549.1.1.1',
  indirectData: '1.3.6.1.4.1.311.2.1.4',
  peImageData: '1.3.6.1.4.1.311.2.1.15',
  fileLink: '1.3.6.1.4.1.311.2.1.25',
  pageHashes1: '1.3.6.1.4.1.311.2.3.1',
  pageHashes2: '1.3.6.1.4.1.311.2.3.2',
  certificateTrustList: '1.3.6.1.4.1.311.10.1',
  catalogList: '1.3.6.1.4.1.311.12.1.1',
  catalogMembers1: '1.3.6.1.4.1.311.12.1.2',
  catalogMembers2: '1.3.6.1.4.1.311.12.1.3',
  nameValue: '1.3.6.1.4.1.311.12.2.1',
  memberInfo1: '1.3.6.1.4.1.311.12.2.2',
  memberInfo2: '1.3.6.1.4.1.311.12.2.3',
  md2WithRsa: '1.2.840.113549.1.1.2',
  windowsComponent: '1.3.6.1.4.1.311.10.3.6',
  whqlCrypto: '1.3.6.1.4.1.311.10.3.5',
  attestedWhqlCrypto: '1.3.6.1.4.1.311.10.3.5.1',
} as const;

/** Digest algorithms of signatures and catalogs, by Node's names. */
export type DigestAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

const digestAlgorithms: Readonly<Record<string, DigestAlgorithm>> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** Returns the digest algorithm of an object identifier; undefined when unknown. */
export function digestAlgorithm(oid: string): DigestAlgorithm | undefined {
  return Object.hasOwn(digestAlgorithms, oid) ? digestAlgorithms[oid] : undefined;
}

/** Returns the object identifier of a digest algorithm. */
export function digestOid(algorithm: DigestAlgorithm): string {
  const [oid] = Object.entries(digestAlgorithms).find(([, name]) => name === algorithm) ?? [];
  if (oid === undefined) throw new Error(`${algorithm} has no object identifier`);
  return oid;
}

/** Returns Node's name of a digest algorithm, or its object identifier when unknown. */
export function algorithmName(oid: string): string {
  return digestAlgorithm(oid) ?? oid;
}
