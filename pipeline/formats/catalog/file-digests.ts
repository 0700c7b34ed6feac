import { createHash } from 'node:crypto';
import { hasPeSignature } from '../pe/headers.ts';
import { authenticodeDigest } from '../pe/signature.ts';
import type { Catalog } from './catalog.ts';
import type { CatalogMember } from './member.ts';

/** The digests of a file that catalogs store, in lower-case hexadecimal. */
export interface FileDigests {
  readonly kind: 'pe' | 'flat';
  readonly sha1: string;
  readonly sha256: string;
}

/** Returns the digests that catalogs store for a file: Authenticode for a PE (recognised by content), else over all bytes. */
export function fileDigests(bytes: Uint8Array): FileDigests {
  if (!hasPeSignature(bytes)) return flatDigests(bytes);
  return {
    kind: 'pe',
    sha1: authenticodeDigest(bytes, 'sha1'),
    sha256: authenticodeDigest(bytes, 'sha256'),
  };
}

/** Returns the digests over all bytes, which catalogs store for files other than PE, such as an INF. */
export function flatDigests(bytes: Uint8Array): FileDigests {
  const digest = (algorithm: 'sha1' | 'sha256') => createHash(algorithm).update(bytes).digest('hex');
  return { kind: 'flat', sha1: digest('sha1'), sha256: digest('sha256') };
}

/** Returns the catalog members with a digest of the file, whatever their name; an empty list means "not covered". */
export function membersOf(catalog: Catalog, digests: FileDigests): CatalogMember[] {
  return catalog.members.filter(
    ({ algorithm, digest }) =>
      (algorithm === 'sha1' || algorithm === 'sha256') && digest === digests[algorithm],
  );
}
