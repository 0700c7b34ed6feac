import type { KeyObject, X509Certificate } from 'node:crypto';
import { publicRoots } from './public-roots.ts';

/** Thumbprints of "Microsoft Root Certificate Authority" (2001) and "Microsoft Root Certificate Authority 2010". */
const driverRoots = ['CDD4EEAE6000AC7F40C3802C171E30148030C072', '3B1EFD3A66EA28B16697394703A72CA340A05BD5'];

/** The keys of Microsoft's roots for drivers: "Windows Hardware Compatibility PCA" (2001), "Windows Third Party Component CA" (2010). */
export const microsoftRootKeys: readonly KeyObject[] = publicRoots
  .filter(({ sha1 }) => driverRoots.includes(sha1))
  .map(({ key }) => key);

/**
 * Says whether one of the roots issued an authority among `others` that issued the certificate, by their keys: names
 * prove nothing, since guides tell people to make "Microsoft" certificates of their own.
 */
export function isIssuedByMicrosoft(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly KeyObject[] = microsoftRootKeys,
): boolean {
  return others.some(
    (authority) =>
      authority.ca &&
      certificate.checkIssued(authority) &&
      certificate.verify(authority.publicKey) &&
      roots.some((root) => authority.verify(root)),
  );
}
