import { createHash } from 'node:crypto';
import { authenticodeDigest } from './authenticode.ts';
import type { Catalog } from './catalog.ts';
import type { CatalogMember } from './catalog-member.ts';

/** What a catalog would hold of a file, in lower-case hexadecimal. */
export interface FileDigests {
  readonly kind: 'pe' | 'flat';
  readonly sha1: string;
  readonly sha256: string;
}

/** Returns the digests by which catalogs know a file: Authenticode for what begins as a PE, else of all bytes. */
export function fileDigests(bytes: Uint8Array): FileDigests {
  const isPe = bytes[0] === 0x4d && bytes[1] === 0x5a;
  const digest = (algorithm: 'sha1' | 'sha256') =>
    isPe ? authenticodeDigest(bytes, algorithm) : createHash(algorithm).update(bytes).digest('hex');
  return { kind: isPe ? 'pe' : 'flat', sha1: digest('sha1'), sha256: digest('sha256') };
}

/** Returns the members of a catalog that hold a digest of the file, whatever name they give it; none is "not covered". */
export function membersOf(catalog: Catalog, digests: FileDigests): CatalogMember[] {
  return catalog.members.filter(
    ({ algorithm, digest }) =>
      (algorithm === 'sha1' || algorithm === 'sha256') && digest === digests[algorithm],
  );
}
