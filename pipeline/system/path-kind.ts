import { lstat, stat } from 'node:fs/promises';
import { absent } from './absent.ts';

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

export type PathKind = keyof typeof pathWords;

/** Tells what lies at a path, following links; what is neither a file nor a folder must not be opened, since a pipe waits for its writer and a device may have no end. */
export async function pathKind(path: string): Promise<PathKind> {
  const found = await stat(path).catch(absent);
  if (found === undefined) return (await lstat(path).catch(absent)) === undefined ? 'missing' : 'dangling';
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  if (found.isFIFO()) return 'pipe';
  return found.isSocket() ? 'socket' : 'device';
}
