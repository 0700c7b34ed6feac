import { isSystemError, PipelineError } from '../core/errors.ts';

export const fullDiskHint = 'free some space, or choose another folder';

/** Tells whether a system error says that a disk or a quota is full. */
export function isFullDisk({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** Runs work on the cache; turns a system error into one that names the cache folder and PVDISC_CACHE. */
export async function inCache<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const otherFolder = isFullDisk(error)
      ? 'free some space, or name another folder'
      : 'name a writable folder';
    const problem = {
      place: folder,
      message: `the cache: ${error.message}`,
      hint: `${otherFolder} in PVDISC_CACHE`,
    };
    throw new PipelineError('input', problem, { cause: error });
  }
}

const hints: Readonly<Record<string, string>> = {
  ENOSPC: fullDiskHint,
  EDQUOT: fullDiskHint,
  EROFS: 'choose a writable folder',
  EACCES: 'check the owner and the mode of the path',
  EPERM: 'check the owner and the mode of the path',
  ENOENT: 'check the path',
  ENOTDIR: 'check the path: one of its folders is a file',
  EISDIR: 'check the path: it is a folder',
  ELOOP: 'check the path: its links form a loop',
  ENAMETOOLONG: 'check the path: it, or a name in it, is too long for the file system',
  ENXIO: 'check the path: it is not a file that can be read',
  EAGAIN: 'check the path: nothing can be read from it now',
  EXDEV: 'the two paths are on different mounts or file systems: check what is mounted there',
  EBUSY: 'a file system is mounted on the path, or a program uses it: check what is mounted there',
  ENOTEMPTY: 'another program put files into the folder: look at them, then run it again',
  EIO: 'the disk reported an error: see the kernel log (dmesg)',
  EMFILE: 'raise the limit of open files (ulimit -n)',
  ENFILE: 'too many files are open on this machine: end other programs',
};

/** Returns the hint for a system error whose cause is a path or the state of the machine; undefined for any other. */
export function systemHint(code: string | undefined): string | undefined {
  return code === undefined ? undefined : hints[code];
}
