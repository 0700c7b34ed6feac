import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exists } from './files.ts';

/** One file or folder of the cache: where it lies, how to tell that it is whole, and how to make it anew. */
export interface CacheEntry {
  readonly path: string;
  readonly isWhole: (path: string) => Promise<boolean>;
  /** Makes the entry at a temporary path beside; throws unless what it made is right. */
  readonly fill: (temporary: string) => Promise<void>;
  /** Told when an entry is there that is not whole. */
  readonly onDamage: () => void;
}

/**
 * Returns the path of a cache entry that is whole, making it where it is missing or damaged. Builds that run at the same
 * time each make their own and the last rename stands, so none sees half of one and none waits.
 */
export async function cached(entry: CacheEntry): Promise<string> {
  const { path, isWhole, fill, onDamage } = entry;
  const found = await findCached(entry);
  if (found !== undefined) return found;
  if (await exists(path)) onDamage();
  await mkdir(dirname(path), { recursive: true });
  await removeAbandoned(path);
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    await fill(temporary);
    await publish(temporary, path, isWhole);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return path;
}

/** Returns the path of a cache entry when it is there and whole, and notes its use in its date; makes nothing. */
export async function findCached({
  path,
  isWhole,
}: Pick<CacheEntry, 'path' | 'isWhole'>): Promise<string | undefined> {
  if (!(await exists(path)) || !(await isWhole(path))) return undefined;
  await noteUse(path);
  return path;
}

/** `pvdisc cache prune` goes by this date; a cache that this user may only read is not theirs to prune. */
async function noteUse(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch((error: NodeJS.ErrnoException) => {
    if (!['EPERM', 'EACCES', 'EROFS', 'ENOENT'].includes(error.code ?? '')) throw error;
  });
}

/** A file is replaced by the rename itself; of folders the first whole one stays, and one that is damaged has to go first. */
async function publish(temporary: string, path: string, isWhole: CacheEntry['isWhole']): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(temporary, path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (attempt === mostAttempts || (code !== 'ENOTEMPTY' && code !== 'EEXIST')) throw error;
    }
    if (await isWhole(path)) return;
    await rm(path, { recursive: true, force: true });
  }
}

/** Renames that other builds may get ahead of. */
const mostAttempts = 5;

const abandonedMilliseconds = 24 * 60 * 60 * 1000;

/** Removes what killed builds left of this entry more than a day ago. */
async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith('.part')) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (Date.now() - mtimeMs > abandonedMilliseconds)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
