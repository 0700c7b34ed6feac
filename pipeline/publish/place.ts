import { constants, createReadStream } from 'node:fs';
import { lstat, mkdtemp, open, readdir, readFile, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isSystemError, PipelineError } from '../core/errors.ts';
import { makeFolder, writeNewFile } from '../system/files.ts';
import { absent } from '../system/path-kind.ts';
import { descriptorPath } from '../system/remove.ts';
import { pathsBelow, withFolder, withName } from './open-folder.ts';

/** A signed suite in a folder that only this run can write to; all paths are from the root. */
export interface StagedSuite {
  readonly staging: string;
  readonly root: string;
  /** New packages and the public keys. */
  readonly paths: readonly string[];
  /** Folder of the index; a new one appears in one rename. */
  readonly index: string;
  readonly isNew: boolean;
  /** Files of the index in the order in which they appear: the signed one, with which hosts begin, after those that it names. */
  readonly indexFiles: readonly string[];
  /** Folders from which the files of earlier indexes go. */
  readonly staleIn: readonly string[];
  readonly isStale: (name: string) => boolean;
}

/** Aborts a run, and reports what it could not remove. */
interface PlaceContext {
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
}

/** Prefix of the names of temporary files and folders in the repository; a random part follows. */
const transferPrefix = '.pvdisc-publish.staging-';

/**
 * Copies a suite to where hosts see it: unreferenced files first, the signed one after them; a new suite in one rename. A run that is
 * killed leaves a host that fetches by hash, as apt does, with all of the update or nothing.
 */
export async function moveIntoPlace(staged: StagedSuite, context: PlaceContext): Promise<void> {
  const { staging, root, paths, index: below, isNew, indexFiles, isStale, staleIn } = staged;
  const files = [...paths, ...indexFiles];
  for (const path of files)
    await withFolder(root, dirname(path), { make: false }, (folder) =>
      requireNoFolder(join(folder, basename(path)), join(root, path)),
    );

  const mounts = new Map<string, string>();
  for (const folder of new Set([below, ...files].map((path) => dirname(path))))
    mounts.set(folder, await mountOf(root, folder));
  const isOnePiece = isNew && (await mountOf(root, below)) === mounts.get(dirname(below));
  const moves = isOnePiece ? [...paths, below] : files;
  const mountTo = (path: string) => mounts.get(dirname(path)) ?? '';
  await withTransfers(root, [...new Set(moves.map(mountTo))], context, async (transfers) => {
    const transferOf = (path: string) =>
      transfers.get(mountTo(isOnePiece && path.startsWith(`${below}/`) ? below : path)) ?? '';
    for (const path of files) {
      const copy = join(transferOf(path), path);
      await makeFolder(dirname(copy));
      await writeNewFile(copy, createReadStream(join(staging, path)), context.signal);
    }
    for (const path of moves)
      await withFolder(root, dirname(path), { make: true }, (folder) =>
        rename(join(transferOf(path), path), join(folder, basename(path))),
      );
  });
  for (const folder of staleIn)
    await noting(context, () => withFolder(root, folder, { make: false }, (path) => prune(path, isStale)));
}

/** A link is replaced by the file, never followed (rename(2)); a folder cannot be. */
async function requireNoFolder(path: string, place: string): Promise<void> {
  if (!(await lstat(path).catch(absent))?.isDirectory()) return;
  throw new PipelineError('input', {
    place,
    message: 'is a folder, not a file',
    hint: 'publish writes a file there: find out what made the folder, and remove it',
  });
}

/** Returns the outermost folder on the mount of an existing or future folder; empty for the mount of the root. rename(2) works within one mount only. */
async function mountOf(root: string, folder: string): Promise<string> {
  let top = '';
  let mount = await withFolder(root, '', { make: false }, mountId);
  const names = folder.split('/');
  for (const path of names.map((_, index) => names.slice(0, index + 1).join('/'))) {
    const inner = await withFolder(root, path, { make: false }, mountId);
    if (inner === undefined) break;
    if (inner !== mount) top = path;
    mount = inner;
  }
  return top;
}

/** A bind mount has the device of its source, and a subvolume of btrfs the id of the mount that it is on (proc_pid_fdinfo(5)). */
async function mountId(folder: string): Promise<string> {
  const { dev } = await stat(folder);
  const info = await readFile(`/proc/self/fdinfo/${basename(folder)}`, 'utf8');
  return `${dev} ${/^mnt_id:\s*(\d+)$/m.exec(info)?.[1] ?? ''}`;
}

/** Copies files into one private folder on each mount, so that a rename puts each in place atomically. */
async function withTransfers(
  root: string,
  [folder, ...others]: readonly string[],
  context: PlaceContext,
  work: (transfers: ReadonlyMap<string, string>) => Promise<void>,
): Promise<void> {
  if (folder === undefined) return work(new Map());
  await withTransfer(root, folder, context, (transfer) =>
    withTransfers(root, others, context, (transfers) => work(new Map([...transfers, [folder, transfer]]))),
  );
}

async function withTransfer(
  root: string,
  folder: string,
  context: PlaceContext,
  work: (path: string) => Promise<void>,
): Promise<void> {
  await withFolder(root, folder, { make: true }, async (inside) => {
    const made = await mkdtemp(join(inside, transferPrefix));
    const place = join(root, folder, basename(made));
    try {
      const handle = await open(made, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
      try {
        const { uid, mode } = await handle.stat();
        if (!isPrivate({ uid, mode })) throw notPrivate(place, uid, mode);
        await withName(descriptorPath(handle.fd), place, () => work(descriptorPath(handle.fd)));
      } finally {
        await handle.close();
      }
    } finally {
      await noting(context, () => removeTransfer(root, join(folder, basename(made))));
    }
  });
}

/** Removes temporary files of killed runs in the root and below its folders `tops`; returns whether there were any. */
export async function removeLeftovers(root: string, tops: readonly string[]): Promise<boolean> {
  const found = (await readdir(root)).filter((name) => name.startsWith(transferPrefix));
  for (const top of tops)
    for (const path of await pathsBelow(root, top))
      if (basename(path).startsWith(transferPrefix)) found.push(path);
  for (const path of found) await removeTransfer(root, path);
  return found.length > 0;
}

/** Empties and removes a folder that only this user can access, through its open handle, so that it follows no replacement; leaves any other folder. */
async function removeTransfer(root: string, path: string): Promise<void> {
  const empty = async (folder: string) => {
    if (!isPrivate(await stat(folder))) return;
    for (const entry of await readdir(folder))
      await rm(join(folder, entry), { recursive: true, force: true });
  };
  try {
    await withFolder(root, path, { make: false }, empty);
    await withFolder(root, dirname(path), { make: false }, (folder) => rmdir(join(folder, basename(path))));
  } catch (error) {
    if (error instanceof PipelineError) return; // a link or a file: not made by a run
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'ENOTDIR') throw error;
  }
}

/** Removes what is no longer needed; a failure is only a note, since hosts do not depend on it. */
async function noting({ note }: PlaceContext, remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof PipelineError) && !isSystemError(error)) throw error;
    note(`could not remove files that are no longer needed: ${error.message}`);
  }
}

function isPrivate({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return uid === process.geteuid?.() && (mode & 0o077) === 0;
}

/** A host that has read the previous index may still fetch its files. Others are not from pvdisc. */
async function prune(folder: string, isStale: (name: string) => boolean): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isFile() && isStale(entry.name)) await unlink(join(folder, entry.name));
}

/** vfat, and NFS with root_squash, give a new folder another owner or mode than its maker asks for. */
function notPrivate(place: string, uid: number, mode: number): PipelineError {
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return new PipelineError('input', {
    place,
    message: `was made as a private folder, but belongs to user ${uid} with mode ${octal}`,
    hint: 'either the file system keeps no owners and modes (vfat, NFS with root_squash): publish on one that does, and copy the repository; or another folder took its place: find out who can write to the repository',
  });
}
