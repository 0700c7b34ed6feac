import { createHash, type Hash } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, opendir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Content, Extent } from '../core/content.ts';
import { PipelineError } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { descriptorEnd } from '../formats/iso9660/index.ts';
import { absent } from './path-kind.ts';

/** Reads a file once and returns its sha256 (lower-case hex) and size in bytes. */
export async function hashFile(file: string, signal?: AbortSignal): Promise<Content> {
  return { file, ...(await hashOpened(await openFile(file), signal)) };
}

/** Reads a file once and returns its digest and size; updates `also` with the same bytes. */
export async function hashFileWith(file: string, also: Hash, signal?: AbortSignal): Promise<Content> {
  return { file, ...(await hashOpened(await openFile(file), signal, also)) };
}

/** Hashes an opened file and closes it; `also` is updated with its bytes. */
export async function hashOpened(
  handle: FileHandle,
  signal?: AbortSignal,
  also?: Hash,
): Promise<Omit<Content, 'file'>> {
  const hash = createHash('sha256');
  const take = (bytes: Uint8Array) => {
    hash.update(bytes);
    also?.update(bytes);
  };
  try {
    const size = await readRanges(handle, [whole], take, signal);
    return { sha256: hash.digest('hex'), size };
  } finally {
    await handle.close();
  }
}

/** Copies an opened file to a new one, making its folders, and closes it; returns the digest and size of the bytes that were copied. */
export async function copyOpened(
  handle: FileHandle,
  to: string,
  signal: AbortSignal,
): Promise<Omit<Content, 'file'>> {
  try {
    return await writeHashed(
      to,
      handle.createReadStream({ autoClose: false, highWaterMark: 2 ** 20 }),
      signal,
    );
  } finally {
    await handle.close();
  }
}

/** Writes bytes to a new file, making its folders; returns their digest and size. */
export async function writeHashed(
  to: string,
  chunks: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<Omit<Content, 'file'>> {
  const { passing, result } = hashing(chunks);
  await writeNewFile(to, passing, signal);
  return result();
}

/** Reads a stream to its end and returns the digest and size of its bytes. */
export async function hashStream(chunks: AsyncIterable<Buffer>): Promise<Omit<Content, 'file'>> {
  const { passing, result } = hashing(chunks);
  for await (const _ of passing);
  return result();
}

function hashing(chunks: AsyncIterable<Buffer>) {
  const hash = createHash('sha256');
  let size = 0;
  async function* pass() {
    for await (const bytes of chunks) {
      hash.update(bytes);
      size += bytes.length;
      yield bytes;
    }
  }
  return { passing: pass(), result: () => ({ sha256: hash.digest('hex'), size }) };
}

const whole = { offset: 0, length: Number.MAX_SAFE_INTEGER };

/** Returns the sha256 (lower-case hex) and size of the bytes in some ranges of an open file, as far as it has them. */
export async function hashRanges(
  handle: FileHandle,
  ranges: readonly Extent[],
  signal?: AbortSignal,
): Promise<Omit<Content, 'file'>> {
  const hash = createHash('sha256');
  const take = (bytes: Uint8Array) => hash.update(bytes);
  const size = await readRanges(handle, ranges, take, signal);
  return { sha256: hash.digest('hex'), size };
}

/** Opens a regular file, following links; never blocks on a FIFO that has replaced it (open(2), O_NONBLOCK). */
export async function openFile(file: string): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new PipelineError('input', { place: file, message: 'is not a regular file', hint: 'check the path' });
}

/** Calls `take` with the bytes in some ranges of a file, as far as it has them, and returns their number. Each call reuses the buffer of the last one. */
async function readRanges(
  handle: FileHandle,
  ranges: readonly Extent[],
  take: (bytes: Uint8Array) => void,
  signal?: AbortSignal,
): Promise<number> {
  const buffer = buffers.pop() ?? Buffer.allocUnsafeSlow(256 * 1024);
  let size = 0;
  try {
    for (const { offset, length } of ranges) {
      for (let at = offset, left = length; left > 0; ) {
        signal?.throwIfAborted();
        const { bytesRead } = await handle.read(buffer, 0, Math.min(left, buffer.length), at);
        if (bytesRead === 0) break;
        take(buffer.subarray(0, bytesRead));
        at += bytesRead;
        left -= bytesRead;
        size += bytesRead;
      }
    }
  } finally {
    buffers.push(buffer);
  }
  return size;
}

/** Buffers that no read uses: allocating one for each of a thousand small files takes longer than reading them. */
const buffers: Buffer[] = [];

/** Returns the paths (`/` between names, no leading `./`) and sizes in bytes of all files below a folder, sorted by path; a link or special file is an error, and `onEntry` may throw on the way. */
export async function listFiles(
  root: string,
  onEntry: () => void = () => {},
): Promise<{ path: string; size: number }[]> {
  const found: { path: string; size: number }[] = [];
  await walk(root, '', onEntry, found);
  return found.sort((a, b) => byCodeUnit(a.path, b.path));
}

/** Returns the entries below a folder, none where it is absent, and follows no link, which the recursive `readdir` of newer Node.js does. */
export async function entriesBelow(folder: string): Promise<Dirent[]> {
  const found: Dirent[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true }).catch(absent)) ?? []) {
    found.push(entry);
    if (entry.isDirectory()) found.push(...(await entriesBelow(join(folder, entry.name))));
  }
  return found;
}

/** Returns whether a path exists, following links. */
export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(absent)) !== undefined;
}

async function walk(
  root: string,
  folder: string,
  onEntry: () => void,
  found: { path: string; size: number }[],
): Promise<void> {
  for await (const entry of await opendir(join(root, folder))) {
    onEntry();
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.includes('\uFFFD')) {
      throw new PipelineError('input', {
        place: join(root, path),
        message: 'its name is not valid UTF-8',
        hint: 'rename it',
      });
    }
    if (entry.isDirectory()) await walk(root, path, onEntry, found);
    else if (entry.isFile()) found.push({ path, size: (await lstat(join(root, path))).size });
    else {
      throw new PipelineError('input', {
        place: join(root, path),
        message: 'is neither a file nor a folder (a link or a device)',
        hint: 'copy the real file there, or leave it out of the source',
      });
    }
  }
}

/** Reads the bytes that identify a format: the first 17 sectors of an ISO, or all of a shorter file. */
export async function readHead(file: string): Promise<Buffer> {
  const handle = await openFile(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(descriptorEnd), 0, descriptorEnd, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Makes a folder and its parents; returns the outermost that was missing, undefined when none was. Node's own recursive mkdir never ends below /proc, where a missing one cannot be made. */
export async function makeFolder(folder: string): Promise<string | undefined> {
  if (await exists(folder)) return undefined;
  const outer = await makeFolder(dirname(folder));
  await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    if (await exists(folder)) return;
    const hint = 'make or mount the folder that it points to';
    throw new PipelineError('input', { place: folder, message: 'is a dangling link', hint });
  });
  return outer ?? folder;
}

/**
 * Writes chunks to a new file, making its folders; fails when the file is there. When this throws nothing is being
 * written any more, so that the folder can be removed at once (a Node pipeline gives up before its file is open).
 */
export async function writeNewFile(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(file, 'wx');
  try {
    await writeFile(handle, chunks, { signal });
  } finally {
    await handle.close();
  }
}
