import { createHash } from 'node:crypto';
import { u32 } from '../binary.ts';
import type { PageHashes } from '../signature/spc.ts';
import { directoryIndex, type PeHeaders } from './headers.ts';

/**
 * Returns whether the page hashes of a signature are those of the file: pairs of a file offset and the digest of the page there, filled with
 * zeros, for the headers (as in the Authenticode digest) and each section, and an end without a digest. The format is not documented;
 * signtool and osslsigncode write it so.
 */
export function arePagesRight(
  bytes: Uint8Array,
  headers: PeHeaders,
  { algorithm, table }: PageHashes,
): boolean {
  let at = 0;
  const isNext = (offset: number, parts: readonly Uint8Array[]): boolean => {
    const hash = createHash(algorithm);
    for (const part of parts) hash.update(part);
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    hash.update(new Uint8Array(Math.max(0, pageSize - length - leftOut(offset))));
    return isEntry(offset, hash.digest());
  };
  const isEntry = (offset: number, digest: Uint8Array): boolean => {
    const start = at;
    at += 4 + digest.length;
    if (at > table.length || u32(table, start, 'page hashes') !== offset) return false;
    return Buffer.compare(table.subarray(start + 4, at), digest) === 0;
  };
  if (!isNext(0, signedHeaders(bytes, headers))) return false;
  let end = 0;
  for (const { offset, size } of headers.sections) {
    if (offset + size > bytes.length) return false;
    for (let page = 0; page < size; page += pageSize)
      if (!isNext(offset + page, [bytes.subarray(offset + page, offset + Math.min(page + pageSize, size))]))
        return false;
    if (size > 0) end = offset + size;
  }
  return isEntry(end, new Uint8Array(createHash(algorithm).digest().length)) && at === table.length;
}

/** That of memory, also where sections are aligned to 64 KiB. */
const pageSize = 4096;

/** The checksum and the directory entry of the certificates, which the digest of the headers leaves out. */
const leftOut = (offset: number) => (offset === 0 ? 4 + 8 : 0);

/** The headers without checksum and the directory entry of the certificates; their size stands before the checksum. */
function signedHeaders(bytes: Uint8Array, { checksumOffset, directoriesOffset }: PeHeaders): Uint8Array[] {
  const entry = directoriesOffset + directoryIndex.certificate * 8;
  const size = u32(bytes, checksumOffset - 4, 'size of the headers');
  return [
    bytes.subarray(0, checksumOffset),
    bytes.subarray(checksumOffset + 4, entry),
    bytes.subarray(entry + 8, Math.max(size, entry + 8)),
  ];
}
