import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSystemError, PipelineError } from '../core/errors.ts';
import { absent } from '../system/path-kind.ts';
import { descriptorPath } from '../system/remove.ts';

/**
 * Runs work on a folder below the root of a repository, given a path that always names that same folder: other users may be able to
 * write there and replace it with a link to any folder. Follows no link between the root and the folder. Where a
 * folder is missing, makes it or does nothing.
 */
export async function withFolder<Result>(
  root: string,
  folder: string,
  { make }: { readonly make: boolean },
  work: (path: string) => Promise<Result>,
): Promise<Result | undefined> {
  let handle = await open(root, constants.O_RDONLY | constants.O_DIRECTORY);
  let place = root;
  try {
    for (const name of folder.split('/').filter((part) => part !== '' && part !== '.')) {
      place = join(place, name);
      const outer = handle;
      const inner = await withName(descriptorPath(outer.fd), dirname(place), async () => {
        if (make) await mkdir(join(descriptorPath(outer.fd), name)).catch(existing);
        return openInside(outer, name, place);
      });
      if (inner === undefined && make) throw vanished(place);
      if (inner === undefined) return undefined;
      await handle.close();
      handle = inner;
    }
    return await withName(descriptorPath(handle.fd), place, () => work(descriptorPath(handle.fd)));
  } finally {
    await handle.close();
  }
}

/**
 * Returns the paths, from the root, of what is below a folder; follows no link, not even as the folder. Leaves out `lost+found` of a file
 * system that is mounted in the repository, which only root can read.
 */
export async function pathsBelow(root: string, folder: string): Promise<string[]> {
  const list = (path: string) => readdir(path, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of (await withFolder(root, folder, { make: false }, list)) ?? []) {
    if (entry.name === 'lost+found') continue;
    const path = join(folder, entry.name);
    found.push(path);
    if (entry.isDirectory()) found.push(...(await pathsBelow(root, path)));
  }
  return found;
}

/** Runs work on the path of an open folder; system errors name the folder by its place instead. */
export async function withName<Result>(
  path: string,
  place: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const named = (text: string) => text.replace(new RegExp(`${path}(?![0-9])`, 'g'), () => place);
    const { dest = error.path } = error as { dest?: string };
    throw Object.assign(error, {
      message: named(error.message),
      path: dest === undefined ? place : named(dest),
    });
  }
}

/** `open(2)` fails with ENOTDIR at a link when O_NOFOLLOW and O_DIRECTORY are given, as at a file. */
async function openInside(handle: FileHandle, name: string, place: string): Promise<FileHandle | undefined> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  return open(join(descriptorPath(handle.fd), name), flags).catch((error: unknown) => {
    if (!isSystemError(error) || !['ENOTDIR', 'ELOOP'].includes(error.code ?? ''))
      return absent(error as Error);
    throw new PipelineError('input', {
      place,
      message: 'is a link or a file, not a folder',
      hint: 'publish writes only to real folders in the repository: find out what put it there, and remove it',
    });
  });
}

function existing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

function vanished(place: string): PipelineError {
  return new PipelineError('input', {
    place,
    message: 'was removed while this run was writing to it',
    hint: 'find out what else changes the repository, and publish again',
  });
}
