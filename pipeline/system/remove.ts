import { closeSync, constants, fstatSync, openSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { isSystemError } from '../core/errors.ts';

/** Identifies a folder even when another one takes its path: device and inode. */
export interface FolderIdentity {
  readonly dev: number;
  readonly ino: number;
}

/**
 * Removes a file, a link or a folder with its content, if it exists. Follows no link, not even one that is put
 * in place of a folder at the same time: each folder is opened with O_NOFOLLOW and emptied by its handle (proc_pid_fd(5)), since Node has no
 * unlinkat(2). A folder that is not `only` stays.
 */
export function removeTree(path: string | Buffer, only?: FolderIdentity): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      removeOnce(path, only);
      return;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return;
      if (attempt === mostAttempts || !hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    }
  }
}

/** A program that is ending may still make a file. */
const mostAttempts = 3;

function removeOnce(path: string | Buffer, only: FolderIdentity | undefined): void {
  const folder = openFolder(path);
  if (folder === undefined) {
    if (only === undefined) unlinkSync(path);
    return;
  }
  try {
    const { dev, ino } = fstatSync(folder);
    if (only !== undefined && (dev !== only.dev || ino !== only.ino)) return;
    const inside = descriptorPath(folder);
    for (const name of readdirSync(inside, { encoding: 'buffer' }))
      removeTree(Buffer.concat([Buffer.from(`${inside}/`), name]));
  } finally {
    closeSync(folder);
  }
  rmdirSync(path);
}

/** Opens a folder without following a link; returns undefined for a link or a file. */
export function openFolder(path: string | Buffer): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    if (hasCode(error, 'ENOTDIR', 'ELOOP')) return undefined;
    throw error;
  }
}

/** Returns a path that refers to an open file or folder even after it is moved (proc_pid_fd(5)); Node has no openat(2). */
export function descriptorPath(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return isSystemError(error) && codes.includes(error.code ?? '');
}
