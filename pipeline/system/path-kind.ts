import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import prettyBytes from 'pretty-bytes';
import { nearName } from '../core/near-name.ts';

/** The kinds of things at a path, worded to follow the path in an error. */
export const pathWords = {
  file: 'is a file',
  folder: 'is a folder',
  pipe: 'is a named pipe',
  socket: 'is a socket',
  device: 'is a device',
  dangling: 'is a dangling link',
  missing: 'no such file',
} as const;

type PathKind = keyof typeof pathWords;

/** Returns the kind of file at a path, following links. Open only files and folders: a pipe blocks until it has a writer, and a device may be endless. */
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

/** Returns the beginning of a hint for a path that is missing: the name in its folder that is closest to its own, if one is near. */
export async function nearbyHint(path: string): Promise<string> {
  const near = nearName(basename(path), await readdir(dirname(path)).catch(() => []));
  return near === undefined ? '' : `did you mean "${near}"? `;
}

/** The bytes of a regular file, or why they cannot be read. */
type PlainFile = { readonly bytes: Buffer } | { readonly problem: string };

/** What to do with a link in the last component of a path. */
type Links = 'follow' | 'refuse';

/** Why a path cannot be opened as a regular file. */
interface NotPlain {
  readonly problem: string;
}

/** Opens a regular file for reading, or returns why it cannot. Never blocks on a FIFO, not even one that has just replaced the file (open(2), O_NONBLOCK and O_NOFOLLOW). */
export async function openPlainFile(
  file: string,
  links: Links,
): Promise<{ readonly handle: FileHandle } | NotPlain> {
  const handle = await open(file, openFlags[links]).catch((error: unknown) => refusedOpen(error, links));
  if ('problem' in handle) return handle;
  const problem = notPlain(await handle.stat(), links);
  if (problem === undefined) return { handle };
  await handle.close();
  return problem;
}

const plainFlags = constants.O_RDONLY | constants.O_NONBLOCK;

const openFlags: Readonly<Record<Links, number>> = {
  follow: plainFlags,
  refuse: plainFlags | constants.O_NOFOLLOW,
};

function refusedOpen(error: unknown, links: Links): NotPlain {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { problem: 'no such file' };
  if (code === 'ENXIO' || (links === 'refuse' && code === 'ELOOP'))
    return { problem: 'is not a regular file' };
  throw error;
}

function notPlain(found: Stats, links: Links): NotPlain | undefined {
  if (found.isFile()) return undefined;
  const isFolder = found.isDirectory() && links === 'follow';
  return { problem: isFolder ? 'is a folder, not a file' : 'is not a regular file' };
}

/** Reads a regular file of at most `most` bytes, opened as `openPlainFile` does. */
export async function readPlainFile(file: string, most: number, links: Links = 'follow'): Promise<PlainFile> {
  const opened = await openPlainFile(file, links);
  if ('problem' in opened) return opened;
  const { handle } = opened;
  try {
    const { size } = await handle.stat();
    if (size > most) return { problem: `is larger than ${prettyBytes(most, { binary: true })}` };
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0);
    return { bytes: buffer.subarray(0, bytesRead) };
  } finally {
    await handle.close();
  }
}

/** Returns whether a path itself is a regular file, without following a link; undefined where it does not exist. */
export async function isPlainFile(file: string): Promise<boolean | undefined> {
  return (await lstat(file).catch(absent))?.isFile();
}
