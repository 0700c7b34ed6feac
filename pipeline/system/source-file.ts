import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import type { Content } from '../core/content.ts';
import { isSystemError, PipelineError } from '../core/errors.ts';
import { hashOpened } from './files.ts';
import { openPlainFile } from './path-kind.ts';
import { descriptorPath } from './remove.ts';

/**
 * Opens a file that was a regular file when its source was listed, by its real path. Throws when it is no longer a regular file or
 * a folder on its path became a link: nothing is read through a link, and a FIFO does not block (open(2), O_NOFOLLOW and O_NONBLOCK).
 */
export async function openSourceFile(file: string): Promise<FileHandle> {
  const opened = await openPlainFile(file, 'refuse');
  if ('problem' in opened) {
    const { problem } = opened;
    throw changedSource(file, problem === 'no such file' ? problem : `${problem} any more`);
  }
  const { handle } = opened;
  try {
    requireInPlace(file, handle.fd);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Throws unless an open file has the path by which it was opened (proc_pid_fd(5)): O_NOFOLLOW covers only the last name of a path, and Node has no openat2(2). */
function requireInPlace(file: string, fd: number): void {
  const path = pathOfOpen(fd);
  if (path !== file) throw changedSource(file, `now leads to ${path}`);
}

function pathOfOpen(fd: number): string {
  try {
    return readlinkSync(descriptorPath(fd));
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
    throw new PipelineError('tool', {
      place: '/proc',
      message: 'is not mounted; pvdisc needs it to see which file it opened',
      hint: 'mount -t proc proc /proc',
    });
  }
}

/** Reads a file of a source once and returns its sha256 (lower-case hex) and size in bytes. */
export async function hashSourceFile(file: string, signal?: AbortSignal): Promise<Content> {
  return { file, ...(await hashOpened(await openSourceFile(file), signal)) };
}

/** Returns the bytes of a file of a source; throws when their digest has changed. */
export async function readSourceFile(
  file: string,
  hashed?: Pick<Content, 'sha256' | 'size'>,
): Promise<Buffer> {
  const handle = await openSourceFile(file);
  try {
    const size = hashed?.size ?? (await handle.stat()).size;
    const bytes = await readUpTo(handle, size + 1);
    if (bytes.length !== size) throw changedSize(file, bytes.length, size);
    if (hashed !== undefined) requireHashed(file, bytes, hashed);
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Reads into one buffer: streams take several times the CPU for small files. */
async function readUpTo(handle: FileHandle, most: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(most);
  let size = 0;
  for (let read = -1; read !== 0 && size < most; size += read)
    ({ bytesRead: read } = await handle.read(buffer, size, most - size, null));
  return buffer.subarray(0, size);
}

/** Throws unless bytes read from a file have the digest of the first read. */
export function requireHashed(file: string, bytes: Uint8Array, hashed: Pick<Content, 'sha256'>): void {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== hashed.sha256) throw changedSource(file, `has sha256 ${sha256}, expected ${hashed.sha256}`);
}

/** Returns a check that throws once the file was replaced or written to: its inode, or its ctime, which no program can set, is another. */
export async function unchangedSince(file: string): Promise<() => Promise<void>> {
  const identity = async () => {
    const { dev, ino, ctimeNs } = await stat(file, { bigint: true });
    return `${dev} ${ino} ${ctimeNs}`;
  };
  const before = await identity();
  return async () => {
    if ((await identity().catch(() => undefined)) !== before)
      throw changedSource(file, 'was written to or replaced after its digest was checked');
  };
}

/** Returns the error for a file of a source that changed after it was listed or hashed. */
export function changedSource(file: string, message: string): PipelineError {
  return new PipelineError('input', {
    place: file,
    message,
    hint: 'a source file changed during the build: build again',
  });
}

/** Returns the error for a file of which `found` bytes were read where `expected` were hashed. */
export function changedSize(file: string, found: number, expected: number): PipelineError {
  const fact = found > expected ? `more than ${expected} bytes` : `${found} bytes`;
  return changedSource(file, `has ${fact}, expected ${expected}`);
}
