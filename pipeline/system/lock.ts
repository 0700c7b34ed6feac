import { rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { PipelineError } from '../core/errors.ts';
import { makeFolder } from './files.ts';
import { removedAtEnd } from './temporary.ts';

export interface LockOptions {
  /** Called once when another process holds the lock. */
  readonly onWait: () => void;
  /** Aborts the waiting. */
  readonly signal: AbortSignal;
}

export interface Lock {
  /** Fires when another process takes the lock because this one did not run for more than 5 seconds. */
  readonly lost: AbortSignal;
  readonly release: () => Promise<void>;
}

/** Runs work that only one process may do at a time; makes the parent folder of the path. */
export async function withLock<Result>(
  path: string,
  options: LockOptions,
  work: (lost: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lock = await takeLock(path, options);
  try {
    return await work(lock.lost);
  } finally {
    await lock.release();
  }
}

function lostError(path: string): PipelineError {
  return new PipelineError('input', {
    place: path,
    message: 'another run took over, because this one was suspended for more than 5 seconds',
    hint: 'run it again',
  });
}

/** Returns whether a live process holds the lock of a path. */
export function isLocked(path: string): Promise<boolean> {
  return lockfile.check(path, { lockfilePath: lockPath(path), realpath: false, stale });
}

/** Returns the folder that exists while the lock of a path is held. */
export function lockPath(path: string): string {
  return `${path}.lock`;
}

const stale = 5000;

/**
 * Waits for the lock of a path, without a time limit. It is a folder (`<path>.lock`) that its owner touches every second; one that is older than
 * 5 seconds was left by a killed process. The previous owner may remove the empty folder around the lock, which is then made again.
 */
export async function takeLock(path: string, { onWait, signal }: LockOptions): Promise<Lock> {
  const lost = new AbortController();
  const onCompromised = () => lost.abort(lostError(path));
  const options = { lockfilePath: lockPath(path), realpath: false, stale, update: 1000, onCompromised };
  for (let attempt = 0; ; attempt += 1) {
    await makeFolder(dirname(path));
    try {
      const release = await lockfile.lock(path, options);
      const forget = removedAtEnd(lockPath(path), () => rmdirSync(lockPath(path)));
      lost.signal.addEventListener('abort', forget);
      return {
        lost: lost.signal,
        release: async () => {
          if (lost.signal.aborted) return;
          await release();
          forget();
        },
      };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ELOCKED' && code !== 'ENOENT') throw error;
    }
    if (attempt === 0) onWait();
    await setTimeout(200, undefined, { signal });
  }
}
