import { isSystemError, PipelineError } from '../core/errors.ts';

/** What to do when the disk is full, whoever finds out. */
export const fullDiskHint = 'free some space, or choose another folder with --out';

/** Tells whether an error of the operating system is that there is no room. */
export function isFullDisk({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** Runs work that reads and fills the cache; an error of the operating system in it names the cache folder and how to choose another. */
export async function inCache<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const otherFolder = isFullDisk(error)
      ? 'free some space, or name another folder'
      : 'name a folder that can be written';
    const problem = {
      place: folder,
      message: `the cache: ${error.message}`,
      hint: `${otherFolder} in PVDISC_CACHE`,
    };
    throw new PipelineError('input', problem, { cause: error });
  }
}
