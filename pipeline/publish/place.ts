import { constants, createReadStream } from 'node:fs';
import { lstat, mkdtemp, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { makeFolder, writeNewFile } from '../system/files.ts';
import { absent } from '../system/path-kind.ts';
import type { IndexFile } from './indexes.ts';
import { pathOf, withFolder } from './open-folder.ts';
import type { Published } from './published.ts';

/** A signed suite in a folder that only this run can write to. */
export interface StagedSuite {
  readonly staging: string;
  readonly root: string;
  readonly suite: string;
  /** New packages and the public keys: paths from the root. */
  readonly paths: readonly string[];
  readonly indexes: readonly IndexFile[];
  /** What the suite was before. */
  readonly published: Published;
}

/** Name of what a run has on the way into the root of a repository, up to its random part. */
const transferPrefix = '.pvdisc-publish.staging-';

/**
 * Copies a suite to where hosts see it: first what nothing refers to yet, `InRelease` last; a new suite in one piece. A run that is
 * killed on the way leaves the suite as it was for every host that asks by hash, as apt does.
 */
export async function moveIntoPlace(staged: StagedSuite, signal: AbortSignal): Promise<void> {
  const { staging, root, suite, paths, indexes, published } = staged;
  const below = `dists/${suite}`;
  const byHash = [...new Set(indexes.map((index) => `${below}/${index.byHash}`))];
  const plain = indexes.map(({ path }) => `${below}/${path}`);
  const release = ['Release.gpg', 'Release', 'InRelease'].map((name) => `${below}/${name}`);
  const files = [...paths, ...byHash, ...plain, ...release];
  for (const path of files)
    await withFolder(root, dirname(path), { make: false }, (folder) =>
      requireNoFolder(join(folder, basename(path)), join(root, path)),
    );

  const isNew = published.digests.length === 0;
  await withTransfer(root, async (transfer) => {
    for (const path of files) {
      await makeFolder(dirname(join(transfer, path)));
      await writeNewFile(join(transfer, path), createReadStream(join(staging, path)), signal);
    }
    for (const path of isNew ? [...paths, below] : files)
      await withFolder(root, dirname(path), { make: true }, (folder) =>
        rename(join(transfer, path), join(folder, basename(path))),
      );
  });
  const digests = new Set([...indexes.map(({ sha256 }) => sha256), ...published.digests]);
  for (const folder of new Set(byHash.map((path) => dirname(path))))
    await withFolder(root, folder, { make: false }, (path) => prune(path, digests));
}

/** A link is replaced by the file, never followed (rename(2)); a folder cannot be. */
async function requireNoFolder(path: string, place: string): Promise<void> {
  if (!(await lstat(path).catch(absent))?.isDirectory()) return;
  throw new PipelineError('input', {
    place,
    message: 'is a folder, not a file',
    hint: 'publish writes a file there: find out who made the folder, and remove it',
  });
}

/** Files are copied into one folder of the repository, to be there at once when they are renamed; no one else can write there. */
async function withTransfer(root: string, work: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(root, transferPrefix));
  try {
    const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      const { uid, mode } = await handle.stat();
      if (!isPrivate({ uid, mode })) throw replaced(folder);
      await work(pathOf(handle));
    } finally {
      await handle.close();
    }
  } finally {
    await removeTransfer(root, basename(folder));
  }
}

/** Removes what runs that were killed had on the way. */
export async function removeLeftovers(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (name.startsWith(transferPrefix)) await removeTransfer(root, name);
  }
}

/** Empties a folder of this user alone through its open handle, so that nothing put in its place is followed, and removes it; leaves any other. */
async function removeTransfer(root: string, name: string): Promise<void> {
  const empty = async (folder: string) => {
    if (!isPrivate(await stat(folder))) return;
    for (const entry of await readdir(folder))
      await rm(join(folder, entry), { recursive: true, force: true });
  };
  try {
    await withFolder(root, name, { make: false }, empty);
    await rmdir(join(root, name));
  } catch (error) {
    if (error instanceof PipelineError) return; // a link or a file, which no run makes
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'ENOTDIR') throw error;
  }
}

function isPrivate({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return uid === process.geteuid?.() && (mode & 0o077) === 0;
}

/** A host that has read the InRelease before this one may still ask for its indexes. Other files are not ours. */
async function prune(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const isIndex = entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name);
    if (isIndex && !kept.has(entry.name)) await rm(join(folder, entry.name));
  }
}

function replaced(folder: string): PipelineError {
  return new PipelineError('input', {
    place: folder,
    message: 'was replaced by another folder while this run made it',
    hint: 'find out who else can write to the repository',
  });
}
