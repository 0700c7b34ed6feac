import { constants } from 'node:fs';
import { lstat, open, stat } from 'node:fs/promises';

/** The kinds of things at a path, worded to follow the path in an error. */
export const pathWords = {
  file: 'is a file',
  folder: 'is a folder',
  pipe: 'is a named pipe',
  socket: 'is a socket',
  device: 'is a device',
  dangling: 'is a link to a path that is not there',
  missing: 'no such file',
} as const;

type PathKind = keyof typeof pathWords;

/** Returns the kind of what a path leads to, links followed. Open only files and folders: a pipe blocks until it has a writer, and a device may be endless. */
export async function pathKind(path: string): Promise<PathKind> {
  const found = await stat(path).catch(absent);
  if (found === undefined) return (await lstat(path).catch(absent)) === undefined ? 'missing' : 'dangling';
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  if (found.isFIFO()) return 'pipe';
  return found.isSocket() ? 'socket' : 'device';
}

/** A handler for `.catch`: returns undefined where the path does not exist, and rethrows any other error. */
export function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}

/** The bytes of a plain file, or why there are none. */
type PlainFile = { readonly bytes: Buffer } | { readonly problem: string };

/**
 * Reads a file of at most `most` bytes, following links. Opening does not block at a FIFO (open(2), O_NONBLOCK), and only a
 * plain file is read.
 */
export async function readPlainFile(file: string, most: number): Promise<PlainFile> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(absent);
  if (handle === undefined) return { problem: 'no such file' };
  try {
    const found = await handle.stat();
    if (found.isDirectory()) return { problem: 'is a folder, not a file' };
    if (!found.isFile()) return { problem: 'is no plain file' };
    if (found.size > most) return { problem: `has more than ${most} bytes` };
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(found.size), 0, found.size, 0);
    return { bytes: buffer.subarray(0, bytesRead) };
  } finally {
    await handle.close();
  }
}

/** Returns whether a path itself is a plain file, without following a link; undefined where it does not exist. */
export async function isPlainFile(file: string): Promise<boolean | undefined> {
  return (await lstat(file).catch(absent))?.isFile();
}
