import { createReadStream } from 'node:fs';

/** A contiguous run of bytes in an ISO file. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** Yields the bytes of a file's extents in order, as far as the ISO has them. */
export async function* readExtents(
  iso: string,
  extents: readonly Extent[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (const { offset, length } of extents) {
    if (length === 0) continue;
    const end = offset + length - 1;
    yield* createReadStream(iso, { start: offset, end, highWaterMark: 2 ** 20, signal });
  }
}

/** A file of an ISO: its path without the leading slash, its size in bytes, and the bytes that make it, in order. */
export interface IsoEntry {
  readonly path: string;
  readonly size: number;
  /** Together shorter than `size` only in a damaged ISO. */
  readonly extents: readonly Extent[];
}

/** Logical block size of a CD-ROM in bytes (ECMA-119, 6.1.2). */
export const sectorBytes = 2048;
