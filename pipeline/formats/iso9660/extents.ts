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
