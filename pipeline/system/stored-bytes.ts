import { type FileHandle, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Content, StoredBytes } from '../core/content.ts';
import { PipelineError } from '../core/errors.ts';
import { hashRanges } from './files.ts';
import { hashSourceFile, openSourceFile, readSourceFile, requireHashed } from './source-file.ts';

export async function storedSize({ file, extents }: StoredBytes): Promise<number> {
  return extents === undefined ? (await stat(file)).size : sizeOf(extents);
}

/** Reads all bytes into memory; throws when their digest has changed. */
export async function readStored(stored: StoredBytes & Partial<Content>): Promise<Buffer> {
  const { file, extents, sha256, size } = stored;
  const hashed = sha256 === undefined || size === undefined ? undefined : { sha256, size };
  if (extents === undefined) return readSourceFile(file, hashed);
  const bytes = Buffer.alloc(sizeOf(extents));
  await withShared(file, async (handle) => {
    let at = 0;
    for (const { offset, length } of extents) {
      const { bytesRead } = await handle.read(bytes, at, length, offset);
      requireWhole(file, bytesRead, length);
      at += length;
    }
  });
  if (hashed !== undefined) requireHashed(file, bytes, hashed);
  return bytes;
}

/** Reads the bytes once and adds their digest and size to their location. */
export async function hashStored({ file, extents }: StoredBytes, signal?: AbortSignal): Promise<Content> {
  if (extents === undefined) return hashSourceFile(file, signal);
  const { sha256, size } = await withShared(file, (handle) => hashRanges(handle, extents, signal));
  requireWhole(file, size, sizeOf(extents));
  return { file, extents, sha256, size };
}

/** Streams the bytes; ends early where the file has been truncated. */
export async function streamStored({ file, extents }: StoredBytes): Promise<Readable> {
  if (extents === undefined) return (await openSourceFile(file)).createReadStream({ highWaterMark });
  return Readable.from(readExtents(file, extents));
}

/** Returns a key that is the same for the same bytes of the same file. */
export function storedKey({ file, extents }: StoredBytes): string {
  if (extents === undefined) return file;
  return [file, ...extents.map(({ offset, length }) => `${offset}+${length}`)].join('\0');
}

const highWaterMark = 2 ** 20;

async function* readExtents(
  file: string,
  extents: NonNullable<StoredBytes['extents']>,
): AsyncGenerator<Buffer> {
  const handle = await openSourceFile(file);
  try {
    for (const { offset, length } of extents) {
      const range = { start: offset, end: offset + length - 1, highWaterMark, autoClose: false };
      if (length > 0) yield* handle.createReadStream(range);
    }
  } finally {
    await handle.close();
  }
}

/** Keeps a source's file open while `read` runs; concurrent readers share one handle, since many files of one disc are read at once. */
export async function withShared<Result>(
  file: string,
  read: (handle: FileHandle) => Promise<Result>,
): Promise<Result> {
  const shared = opened.get(file) ?? { handle: openSourceFile(file), users: 0 };
  opened.set(file, shared);
  shared.users += 1;
  try {
    return await read(await shared.handle);
  } finally {
    shared.users -= 1;
    if (shared.users === 0) {
      opened.delete(file);
      await shared.handle.then(
        (handle) => handle.close(),
        () => {},
      );
    }
  }
}

const opened = new Map<string, { readonly handle: Promise<FileHandle>; users: number }>();

function sizeOf(extents: NonNullable<StoredBytes['extents']>): number {
  return extents.reduce((sum, { length }) => sum + length, 0);
}

function requireWhole(file: string, found: number, size: number): void {
  if (found === size) return;
  throw new PipelineError('input', {
    place: file,
    message: 'was truncated while it was read',
    hint: 'make sure that no program writes to the file, and run again',
  });
}
