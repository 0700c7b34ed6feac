import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, readdir, rename, rm, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { exists, makeFolder } from './files.ts';
import { isLocked } from './lock.ts';
import { absent } from './path-kind.ts';
import { removeTree } from './remove.ts';

/** One file or folder of the cache: its path, how to check that it is whole, and how to make it. */
export interface CacheEntry {
  readonly path: string;
  /** The kind that the entry must have; anything else at its path is damaged and is not opened. */
  readonly kind: 'file' | 'folder';
  readonly isWhole: (path: string) => Promise<boolean>;
  /** Makes the entry at a temporary path beside it; throws unless the result is right. */
  readonly fill: (temporary: string) => Promise<void>;
  /** Called when an entry exists but is not whole. */
  readonly onDamage: () => void;
}

/**
 * Returns the path of a cache entry that is whole, making it where it is missing or damaged. Builds that run at the same
 * time each make their own and the last rename stands, so none sees half of one and none waits.
 */
export async function cached(entry: CacheEntry): Promise<string> {
  const { path, fill, onDamage } = entry;
  const found = await findCached(entry);
  if (found !== undefined) return found;
  if ((await whatIs(path)) !== undefined) onDamage();
  if (entry.kind === 'file') await makeWayForFile(path, 'no file');
  await makeFolder(dirname(path));
  await removeAbandoned(path);
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    await fill(temporary);
    await publish(temporary, entry);
  } finally {
    removeTree(temporary);
  }
  return path;
}

/** Returns the path of a cache entry when it exists and is whole, and sets its date; makes nothing. */
export async function findCached(
  entry: Pick<CacheEntry, 'path' | 'kind' | 'isWhole'>,
): Promise<string | undefined> {
  if (!(await isThere(entry))) return undefined;
  await noteUse(entry.path);
  return entry.path;
}

/** A link may lead out of the cache, and opening a named pipe would block. */
async function isThere({ path, kind, isWhole }: Pick<CacheEntry, 'path' | 'kind' | 'isWhole'>) {
  const found = await whatIs(path);
  return (kind === 'file' ? found?.isFile() : found?.isDirectory()) === true && isWhole(path);
}

/** `pvdisc cache prune` reads this date; where the cache is read-only for this user, the date stays. */
async function noteUse(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch((error: NodeJS.ErrnoException) => {
    if (!['EPERM', 'EACCES', 'EROFS', 'ENOENT'].includes(error.code ?? '')) throw error;
  });
}

/** A file is replaced by the rename itself; of folders the first whole one stays, and a damaged one must be removed first. */
async function publish(temporary: string, entry: CacheEntry): Promise<void> {
  const { path } = entry;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(temporary, path);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (attempt === mostAttempts || !['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code)) throw error;
    }
    if (await isThere(entry)) return;
    removeTree(path);
  }
}

const mostAttempts = 5;

const abandonedMilliseconds = 24 * 60 * 60 * 1000;

/** Removes temporary files of this entry that killed builds left more than a day ago. */
async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith('.part')) continue;
    const found = await whatIs(join(folder, name));
    if (found !== undefined && Date.now() - found.mtimeMs > abandonedMilliseconds)
      removeTree(join(folder, name));
  }
}

/** The folders of the cache, by what they hold. */
export const cacheFolders = {
  /** Fetched files, by sha256. */
  files: 'sha256',
  /** Unfinished downloads: `<sha256 wanted>` or `url-<sha256 of the address>`, each with a `.json` that says where it is from. */
  partial: 'partial',
  /** Bare repositories: `<sha256 of the address>/<commit>`. */
  git: 'git',
  /** Detached signatures, by the sha256 of the file that they sign. */
  signatures: 'signature',
} as const;

/** Returns the status of a path of the cache without following a link; undefined where it does not exist. */
export function whatIs(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(absent);
}

/**
 * Makes way for a file of the cache: removes `anything` at its path, or only what is `no file`. Removes a link itself,
 * not its target. A folder may be the user's: it stays, and is an error.
 */
export async function makeWayForFile(path: string, what: 'anything' | 'no file'): Promise<void> {
  const found = await whatIs(path);
  if (found === undefined || (what === 'no file' && found.isFile())) return;
  if (!found.isDirectory()) return rm(path, { force: true });
  throw new PipelineError('input', {
    place: path,
    message: 'is a folder, expected a file of the cache',
    hint: 'move it away, or name another folder in PVDISC_CACHE',
  });
}

/** An item of the cache. */
export interface CacheItem {
  readonly kind: 'file' | 'partial' | 'git' | 'signature' | 'leftover';
  /** Path from the cache folder, `/` between names. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Of its last use. */
  readonly used: Date;
}

const digest = /^[0-9a-f]{64}$/;

const partial = /^(?:url-)?[0-9a-f]{64}$/;

const commit = /^[0-9a-f]{40}$/;

const leftover = /^[0-9a-f]{40,64}\.[0-9a-f-]+\.part(?:\.json)?$/;

/** Returns the items of pvdisc in a cache folder, sorted by path; ignores other files. */
export async function listCache(cacheDir: string): Promise<CacheItem[]> {
  const { files, signatures, git } = cacheFolders;
  const repositories = (await namesIn(cacheDir, git)).filter((name) => digest.test(name));
  const lists = await Promise.all([
    itemsIn(cacheDir, files, digest, 'file'),
    itemsIn(cacheDir, signatures, digest, 'signature'),
    itemsIn(cacheDir, cacheFolders.partial, partial, 'partial'),
    ...repositories.map((name) => itemsIn(cacheDir, `${git}/${name}`, commit, 'git')),
    ...[files, signatures, ...repositories.map((name) => `${git}/${name}`)].map((folder) =>
      itemsIn(cacheDir, folder, leftover, 'leftover'),
    ),
  ]);
  return lists.flat().sort((a, b) => byCodeUnit(a.path, b.path));
}

/**
 * Removes an item from the cache unless a run is filling it, and returns whether it did. Renames it first,
 * so that no run finds half of it.
 */
export async function removeItem(cacheDir: string, { kind, path }: CacheItem): Promise<boolean> {
  const file = join(cacheDir, path);
  if (kind === 'partial' && (await isLocked(file))) return false;
  if (kind === 'leftover') removeTree(file);
  else await removeWhole(file);
  if (kind === 'partial') await rm(`${file}.json`, { force: true });
  return true;
}

async function removeWhole(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}.part`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  removeTree(aside);
}

async function itemsIn(
  cacheDir: string,
  folder: string,
  pattern: RegExp,
  kind: CacheItem['kind'],
): Promise<CacheItem[]> {
  const names = (await namesIn(cacheDir, folder)).filter((name) => pattern.test(name));
  const items = names.map(async (name) => {
    const path = `${folder}/${name}`;
    const found = await lstat(join(cacheDir, path)).catch(missing);
    const size = await sizeOf(join(cacheDir, path));
    return found === undefined ? [] : [{ kind, path, size, used: found.mtime }];
  });
  return (await Promise.all(items)).flat();
}

async function namesIn(cacheDir: string, folder: string): Promise<string[]> {
  const path = join(cacheDir, folder);
  return (await exists(path)) ? readdir(path) : [];
}

/** A running build may remove an item that has just been listed. */
async function sizeOf(path: string): Promise<number> {
  const found = await lstat(path).catch(missing);
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.size;
  const names = (await readdir(path).catch(missing)) ?? [];
  const sizes = await Promise.all(names.map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
