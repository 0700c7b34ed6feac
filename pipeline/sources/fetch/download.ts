import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Content } from '../../core/content.ts';
import type { RunContext } from '../../core/context.ts';
import { type CacheEntry, cached, cacheFolders, findCached, makeWayForFile } from '../../system/cache.ts';
import { hashFile, makeFolder } from '../../system/files.ts';
import { withLock } from '../../system/lock.ts';
import { inCache } from '../../system/system-error.ts';
import { fetchFromAny, requireReachable, type Wanted } from './mirrors.ts';
import { type PartialFile, partialFile } from './partial.ts';
import type { Pin } from './transfer.ts';

/**
 * Returns the file of the cache that has a digest, fetching it where it is missing or damaged. Of concurrent runs,
 * one fetches it and the others wait; keeps and resumes interrupted downloads.
 */
export async function fetchPinned(wanted: Wanted, pin: Pin, context: RunContext): Promise<string> {
  const partial = partialFile(join(context.cacheDir, cacheFolders.partial, pin.sha256));
  return inCache(context.cacheDir, async () => {
    const found = await findCached(pinnedEntry(wanted, pin, partial, context));
    if (found !== undefined) return found;
    requireReachable(wanted, context);
    return exclusively(partial, wanted, context, (locked) =>
      cached(pinnedEntry(wanted, pin, partial, locked)),
    );
  });
}

/** A downloaded file and its digest; `from` is the server that sent it after redirects, or the `file:` address. */
export interface Fetched extends Content {
  readonly from: string;
}

/**
 * Fetches a file of unknown digest, and puts it into the cache under the digest that it computes,
 * unless `accept`, called first, throws: it then keeps nothing.
 */
export async function fetchUnpinned(
  wanted: Wanted,
  context: RunContext,
  accept: (fetched: Fetched) => Promise<void> = async () => {},
): Promise<Fetched> {
  requireReachable(wanted, context);
  const key = createHash('sha256').update(wanted.urls[0]).digest('hex');
  const partial = partialFile(join(context.cacheDir, cacheFolders.partial, `url-${key}`));
  const fetch = async (locked: RunContext) => {
    await fetchFromAny(wanted, { partial, pin: undefined }, locked);
    const { sha256, size } = await hashFile(partial.file, locked.signal);
    const from = (await partial.origin())?.from ?? wanted.urls[0];
    try {
      await accept({ file: partial.file, sha256, size, from });
    } catch (error) {
      if (!locked.signal.aborted) await partial.discard();
      throw error;
    }
    const file = join(context.cacheDir, cacheFolders.files, sha256);
    await makeWayForFile(file, 'no file');
    await makeFolder(dirname(file));
    await rename(partial.file, file);
    await partial.discard();
    return { file, sha256, size, from };
  };
  return inCache(context.cacheDir, () => exclusively(partial, wanted, context, fetch));
}

function pinnedEntry(wanted: Wanted, pin: Pin, partial: PartialFile, context: RunContext): CacheEntry {
  return {
    path: join(context.cacheDir, cacheFolders.files, pin.sha256),
    kind: 'file',
    isWhole: async (path) => (await hashFile(path, context.signal)).sha256 === pin.sha256,
    fill: async (temporary) => {
      await fetchFromAny(wanted, { partial, pin }, context);
      await rename(partial.file, temporary);
      await partial.discard();
    },
    onDamage: () => context.reporter.note(`${wanted.item}: the cached copy is damaged; fetching it again`),
  };
}

/** Runs a download that no other run works on; also aborts its signal when this run loses the lock. */
function exclusively<Result>(
  { file }: PartialFile,
  { item }: Wanted,
  context: RunContext,
  work: (locked: RunContext) => Promise<Result>,
): Promise<Result> {
  const { signal, reporter } = context;
  const onWait = () => reporter.note(`${item}: another run is fetching it; waiting for that run to finish`);
  return withLock(file, { onWait, signal }, (lost) =>
    work({ ...context, signal: AbortSignal.any([signal, lost]) }),
  );
}
