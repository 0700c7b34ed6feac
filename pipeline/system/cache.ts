import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeWayForFile, whatIs } from './cache-file.ts';
import { makeFolder } from './make-folder.ts';

/** One file or folder of the cache: where it lies, how to tell that it is whole, and how to make it anew. */
export interface CacheEntry {
  readonly path: string;
  /** What it is when it is right; everything else that lies at its path is damaged, and is not opened. */
  readonly kind: 'file' | 'folder';
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
    await rm(temporary, { recursive: true, force: true });
  }
  return path;
}

/** Returns the path of a cache entry when it is there and whole, and notes its use in its date; makes nothing. */
export async function findCached(
  entry: Pick<CacheEntry, 'path' | 'kind' | 'isWhole'>,
): Promise<string | undefined> {
  if (!(await isThere(entry))) return undefined;
  await noteUse(entry.path);
  return entry.path;
}

/** A link may lead out of the cache, and opening a named pipe would never end. */
async function isThere({ path, kind, isWhole }: Pick<CacheEntry, 'path' | 'kind' | 'isWhole'>) {
  const found = await whatIs(path);
  return (kind === 'file' ? found?.isFile() : found?.isDirectory()) === true && isWhole(path);
}

/** `pvdisc cache prune` goes by this date; a cache that this user may only read is not theirs to prune. */
async function noteUse(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch((error: NodeJS.ErrnoException) => {
    if (!['EPERM', 'EACCES', 'EROFS', 'ENOENT'].includes(error.code ?? '')) throw error;
  });
}

/** A file is replaced by the rename itself; of folders the first whole one stays, and what is damaged has to go first. */
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
