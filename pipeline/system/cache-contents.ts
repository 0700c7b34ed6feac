import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit } from '../core/order.ts';
import { cacheFolders } from './cache-layout.ts';
import { exists } from './files.ts';
import { isLocked } from './lock.ts';

/** What lies in the cache under one name. */
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

/** Returns what pvdisc keeps in a cache folder, sorted by path; files that it did not put there are not looked at. */
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
 * Removes an item from the cache unless a run is filling it now, and tells whether it did. It gets another name first,
 * so that no run finds half of it.
 */
export async function removeItem(cacheDir: string, { kind, path }: CacheItem): Promise<boolean> {
  const file = join(cacheDir, path);
  if (kind === 'partial' && (await isLocked(file))) return false;
  if (kind === 'leftover') await rm(file, { recursive: true, force: true });
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
  await rm(aside, { recursive: true, force: true });
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

/** A running build may remove what has just been listed. */
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
