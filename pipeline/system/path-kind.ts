import { constants } from 'node:fs';
import { lstat, open, stat } from 'node:fs/promises';

/** What can lie at a path, in words that follow the path in an error. */
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

/** Tells what lies at a path, following links; what is neither a file nor a folder must not be opened, since a pipe waits for its writer and a device may have no end. */
export async function pathKind(path: string): Promise<PathKind> {
  const found = await stat(path).catch(absent);
  if (found === undefined) return (await lstat(path).catch(absent)) === undefined ? 'missing' : 'dangling';
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  if (found.isFIFO()) return 'pipe';
  return found.isSocket() ? 'socket' : 'device';
}

/** For `.catch` of a call about a path: nothing when nothing is there; throws any other error. */
export function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}

/** What is at a path that should hold a plain file: its bytes, or the fact that speaks against it. */
type PlainFile = { readonly bytes: Buffer } | { readonly problem: string };

/**
 * Reads a file of at most `most` bytes, following links; what is no plain file is told of and not read. It is opened so that it
 * never waits for the other end of a FIFO (open(2), O_NONBLOCK).
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

/** Tells whether a path is a plain file itself, not a link to one; undefined when nothing is there. */
export async function isPlainFile(file: string): Promise<boolean | undefined> {
  return (await lstat(file).catch(absent))?.isFile();
}
