import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Random access to bytes: a file, memory, or the caller's own reader, such as range requests over HTTP. */
export interface RandomAccess {
  /** Number of bytes. */
  readonly size: number;
  /** Returns `length` bytes from `offset`; fewer only at the end. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

/** A file's path, its bytes, or a reader of them. */
export type ReadableSource = string | Uint8Array | RandomAccess;

/** Opens a source while `use` runs; always closes a file. */
export async function withRandomAccess<Result>(
  source: ReadableSource,
  use: (reader: RandomAccess) => Promise<Result>,
): Promise<Result> {
  if (source instanceof Uint8Array) return use(memoryReader(source));
  if (typeof source !== 'string') return use(source);
  const handle = await open(source, constants.O_RDONLY | constants.O_NONBLOCK); // a FIFO does not block
  try {
    const { size } = await handle.stat();
    const read = async (offset: number, length: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    return await use({ size, read });
  } finally {
    await handle.close();
  }
}

/** Yields the bytes of a range in chunks; ends early at the end of the source. */
export async function* chunksOfRange(
  { read }: RandomAccess,
  offset: number,
  length: number,
): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; ) {
    const chunk = await read(offset + at, Math.min(chunkBytes, length - at));
    if (chunk.length === 0) return;
    yield asBuffer(chunk);
    at += chunk.length;
  }
}

/** Returns the same bytes without copying them. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

const chunkBytes = 2 ** 20;

function memoryReader(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  };
}
