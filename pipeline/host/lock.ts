import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { PipelineError } from '../errors.ts';

/** What one who wants a lock does about others. */
export interface LockOptions {
  /** Another process has it, and this one waits. */
  readonly onWait: () => void;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * Runs work that only one process may do at a time. The lock is a folder (`<path>.lock`) that its owner touches every
 * second; one that is older than 5 seconds is left over from a killed process. `lost` fires when this process stood
 * still for so long that another one took the lock.
 */
export async function withLock<Result>(
  path: string,
  { onWait, signal }: LockOptions,
  work: (lost: AbortSignal) => Promise<Result>,
): Promise<Result> {
  await mkdir(dirname(path), { recursive: true });
  const lost = new AbortController();
  const release = await take(path, { onWait, signal }, () => lost.abort(lostError(path)));
  try {
    return await work(lost.signal);
  } finally {
    if (!lost.signal.aborted) await release();
  }
}

function lostError(path: string): PipelineError {
  return new PipelineError('input', {
    place: path,
    message: 'another run took over, since this one stood still for more than 5 seconds',
    hint: 'run it again',
  });
}

/** Tells whether a live process holds the lock of a path. */
export function isLocked(path: string): Promise<boolean> {
  return lockfile.check(path, { lockfilePath: lockPath(path), realpath: false, stale });
}

/** The folder that stands for a lock while it is held. */
export function lockPath(path: string): string {
  return `${path}.lock`;
}

const stale = 5000;

async function take(
  path: string,
  { onWait, signal }: LockOptions,
  onCompromised: () => void,
): Promise<() => Promise<void>> {
  const options = { lockfilePath: lockPath(path), realpath: false, stale, update: 1000, onCompromised };
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await lockfile.lock(path, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    }
    if (attempt === 0) onWait();
    await setTimeout(200, undefined, { signal });
  }
}
