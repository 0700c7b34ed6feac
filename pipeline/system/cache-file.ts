import type { Stats } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { PipelineError } from '../core/errors.ts';
import { absent } from './absent.ts';

/** Returns what lies at a path of the cache, not following a link; undefined where there is nothing. */
export function whatIs(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(absent);
}

/**
 * Removes what stands where a file of the cache belongs: `anything`, or only what is `no file`. Of a link the link goes,
 * not what it leads to. A folder is somebody's: it stays, and is an error.
 */
export async function makeWayForFile(path: string, what: 'anything' | 'no file'): Promise<void> {
  const found = await whatIs(path);
  if (found === undefined || (what === 'no file' && found.isFile())) return;
  if (!found.isDirectory()) return rm(path, { force: true });
  throw new PipelineError('input', {
    place: path,
    message: 'is a folder, where the cache keeps a file',
    hint: 'move it away, or name another folder in PVDISC_CACHE',
  });
}
