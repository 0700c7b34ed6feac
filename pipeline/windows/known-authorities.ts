import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { oneLine } from './certificate-name.ts';
import { type PublicRoot, publicRoots } from './public-roots.ts';

/** Returns the keys of the public root authorities of that name; several have one name in rare cases. */
export function publicRootKeys(name: string): readonly KeyObject[] {
  return knownRoots().byName.get(name) ?? [];
}

/** Says whether a key is that of a public root authority, in whatever certificate it comes. */
export function isPublicRootKey(key: KeyObject): boolean {
  return knownRoots().keys.has(keyDigest(key));
}

interface KnownRoots {
  readonly byName: ReadonlyMap<string, readonly KeyObject[]>;
  readonly keys: ReadonlySet<string>;
}

let known: KnownRoots | undefined;

function knownRoots(): KnownRoots {
  known ??= indexRoots([...publicRoots, ...mozillaRoots()]);
  return known;
}

/** The authorities that Node knows: those of Mozilla's program. */
function mozillaRoots(): Pick<PublicRoot, 'name' | 'key'>[] {
  return rootCertificates.map((pem) => {
    const certificate = new X509Certificate(pem);
    return { name: oneLine(certificate.subject), key: certificate.publicKey };
  });
}

function indexRoots(roots: readonly Pick<PublicRoot, 'name' | 'key'>[]): KnownRoots {
  const byName = new Map<string, KeyObject[]>();
  for (const { name, key } of roots) byName.set(name, [...(byName.get(name) ?? []), key]);
  return { byName, keys: new Set(roots.map(({ key }) => keyDigest(key))) };
}

function keyDigest(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
