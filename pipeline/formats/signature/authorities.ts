import { type KeyObject, X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { oneLine } from './certificate.ts';
import { isUsable, type KeyWork } from './key-work.ts';
import { publicRoots } from './public-roots.ts';

/** Returns the keys of the public root authorities with a name (in the form of `Certificate`); rarely more than one. */
export function publicRootKeys(name: string): readonly KeyObject[] {
  const own = publicRoots.filter((root) => root.name === name).map(({ key }) => key);
  if (own.length > 0) return own;
  return (mozillaRoots().get(name) ?? []).map(({ publicKey }) => publicKey);
}

/** Returns whether a certificate has the name and the key of a public root authority. */
export function isPublicRootKey(name: string, key: KeyObject): boolean {
  return publicRootKeys(name).some((known) => known.equals(key));
}

let mozilla: ReadonlyMap<string, readonly X509Certificate[]> | undefined;

/** The root authorities of Node (Mozilla's program) by name. */
function mozillaRoots(): ReadonlyMap<string, readonly X509Certificate[]> {
  mozilla ??= readMozillaRoots();
  return mozilla;
}

function readMozillaRoots(): Map<string, X509Certificate[]> {
  const byName = new Map<string, X509Certificate[]>();
  for (const pem of rootCertificates) {
    const certificate = new X509Certificate(pem);
    const name = oneLine(certificate.subject);
    byName.set(name, [...(byName.get(name) ?? []), certificate]);
  }
  return byName;
}

/** Thumbprints of "Microsoft Root Certificate Authority" (2001) and "Microsoft Root Certificate Authority 2010". */
const driverRoots = ['CDD4EEAE6000AC7F40C3802C171E30148030C072', '3B1EFD3A66EA28B16697394703A72CA340A05BD5'];

/** The keys of Microsoft's roots for drivers: "Windows Hardware Compatibility PCA" (2001), "Windows Third Party Component CA" (2010). */
export const microsoftRootKeys: readonly KeyObject[] = publicRoots
  .filter(({ sha1 }) => driverRoots.includes(sha1))
  .map(({ key }) => key);

/**
 * Returns whether a chain of keys leads from the certificate through `others` to one of these roots: names
 * prove nothing, since guides tell people to create their own "Microsoft" certificates.
 */
export function isIssuedByMicrosoft(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  work: KeyWork,
  roots: readonly KeyObject[] = microsoftRootKeys,
): boolean {
  const verifies = (signed: X509Certificate, key: KeyObject) => {
    work.count(key);
    return signed.verify(key);
  };
  return others.some(
    (authority) =>
      authority.ca &&
      certificate.checkIssued(authority) &&
      isUsable(authority.publicKey) &&
      verifies(certificate, authority.publicKey) &&
      roots.some((root) => verifies(authority, root)),
  );
}
