import type { KeyObject, X509Certificate } from 'node:crypto';
import { isUsable, type KeyWork } from './key-work.ts';
import { publicRoots } from './public-roots.ts';

/** Returns the keys of the public root authorities with a name (in the form of `Certificate`); rarely more than one. */
export function publicRootKeys(name: string): readonly KeyObject[] {
  return publicRoots.filter((root) => root.name === name).map(({ key }) => key);
}

/** Returns whether a certificate has the name and the key of a public root authority. */
export function isPublicRootKey(name: string, key: KeyObject): boolean {
  return publicRootKeys(name).some((known) => known.equals(key));
}

/**
 * Thumbprints of "Microsoft Root Authority" (1997), "Microsoft Root Certificate Authority" (2001) and "Microsoft Root Certificate
 * Authority 2010". Microsoft's templates for App Control (DefaultWindows, AllowMicrosoft) count the WHQL key usage under each of them:
 * `CertRoot Type="Wellknown"` 04, 05 and 06.
 */
const driverRoots = [
  'A43489159A520F0D93D032CCAF37E7FE20A8B419',
  'CDD4EEAE6000AC7F40C3802C171E30148030C072',
  '3B1EFD3A66EA28B16697394703A72CA340A05BD5',
];

/** Returns the keys of Microsoft's roots for drivers: of 1997 and 2001 ("Windows Hardware Compatibility PCA"), 2010 ("Windows Third Party Component CA"). */
export function microsoftRootKeys(): readonly KeyObject[] {
  return driverRoots.flatMap((sha1) =>
    publicRoots.filter((root) => root.sha1 === sha1).map(({ key }) => key),
  );
}

/**
 * Returns whether a chain of keys leads from the certificate through `others` to one of these roots: names
 * prove nothing, since guides tell people to create their own "Microsoft" certificates.
 */
export function isIssuedByMicrosoft(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  work: KeyWork,
  roots: readonly KeyObject[] = microsoftRootKeys(),
): boolean {
  const verifies = (signed: X509Certificate, key: KeyObject) => {
    work.count(key);
    return signed.verify(key);
  };
  return others.some(
    (authority) =>
      (authority.ca || !hasBasicConstraints(authority)) &&
      certificate.checkIssued(authority) &&
      isUsable(authority.publicKey) &&
      verifies(certificate, authority.publicKey) &&
      roots.some((root) => verifies(authority, root)),
  );
}

/**
 * Returns whether a certificate has the basic constraints extension (RFC 5280, 4.2.1.9). Authorities that Microsoft's root issued in
 * 1997, such as "Microsoft Windows Hardware Compatibility", lack it; any other certificate without it issues nothing.
 */
export function hasBasicConstraints({ raw }: X509Certificate): boolean {
  return raw.includes(Buffer.from('0603551d13', 'hex'));
}
