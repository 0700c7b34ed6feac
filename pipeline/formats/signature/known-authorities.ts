import { type KeyObject, X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { oneLine } from './certificate-name.ts';
import { publicRoots } from './public-roots.ts';

/** Returns the keys of the public root authorities of that name, as a `Certificate` states names; more than one in rare cases. */
export function publicRootKeys(name: string): readonly KeyObject[] {
  const own = publicRoots.filter((root) => root.name === name).map(({ key }) => key);
  if (own.length > 0) return own;
  return (mozillaRoots().get(name) ?? []).map(({ publicKey }) => publicKey);
}

/** Says whether a certificate of that name holds the key of the public root authority of that name. */
export function isPublicRootKey(name: string, key: KeyObject): boolean {
  return publicRootKeys(name).some((known) => known.equals(key));
}

let mozilla: ReadonlyMap<string, readonly X509Certificate[]> | undefined;

/** The authorities that Node knows, by name: those of Mozilla's program. */
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
