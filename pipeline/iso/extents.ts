import { createHash } from 'node:crypto';
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

/** Returns the sha256 of the bytes that a file's extents hold. */
export async function hashExtents(
  iso: string,
  extents: readonly Extent[],
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readExtents(iso, extents, signal)) hash.update(chunk);
  return hash.digest('hex');
}
