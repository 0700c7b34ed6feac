import { rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { PipelineError } from '../core/errors.ts';
import { makeFolder } from './files.ts';
import { removedAtEnd } from './temporary.ts';

/** What one who wants a lock does about others. */
export interface LockOptions {
  /** Another process has it, and this one waits. */
  readonly onWait: () => void;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** A lock that is held until it is released. */
export interface Lock {
  /** Fires when this process stood still for so long that another one took it for dead, and the lock. */
  readonly lost: AbortSignal;
  readonly release: () => Promise<void>;
}

/** Runs work that only one process may do at a time, and makes the folder of its path; `lost` is that of the lock. */
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

/**
 * Waits for the lock of a path. It is a folder (`<path>.lock`) that its owner touches every second; one that is older than
 * 5 seconds is left over from a killed process. Who had the lock may remove the empty folder that it lies in: it is made again.
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
