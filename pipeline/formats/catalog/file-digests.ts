import { createHash } from 'node:crypto';
import { hasPeSignature } from '../pe/headers.ts';
import { authenticodeDigest } from '../pe/signature.ts';
import type { Catalog } from './catalog.ts';
import type { CatalogMember } from './member.ts';

/** What a catalog would hold of a file, in lower-case hexadecimal. */
export interface FileDigests {
  readonly kind: 'pe' | 'flat';
  readonly sha1: string;
  readonly sha256: string;
}

/** Returns the digests by which catalogs know a file: Authenticode of a PE, which its content shows, else of all bytes. */
export function fileDigests(bytes: Uint8Array): FileDigests {
  if (!hasPeSignature(bytes)) return flatDigests(bytes);
  return {
    kind: 'pe',
    sha1: authenticodeDigest(bytes, 'sha1'),
    sha256: authenticodeDigest(bytes, 'sha256'),
  };
}

/** Returns the digests of all bytes, by which catalogs know a file that is no PE, such as an INF. */
export function flatDigests(bytes: Uint8Array): FileDigests {
  const digest = (algorithm: 'sha1' | 'sha256') => createHash(algorithm).update(bytes).digest('hex');
  return { kind: 'flat', sha1: digest('sha1'), sha256: digest('sha256') };
}

/** Returns the members of a catalog that hold a digest of the file, whatever name they give it; none is "not covered". */
export function membersOf(catalog: Catalog, digests: FileDigests): CatalogMember[] {
  return catalog.members.filter(
    ({ algorithm, digest }) =>
      (algorithm === 'sha1' || algorithm === 'sha256') && digest === digests[algorithm],
  );
}
