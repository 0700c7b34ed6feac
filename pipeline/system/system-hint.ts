import { fullDiskHint } from './system-error.ts';

const hints: Readonly<Record<string, string>> = {
  ENOSPC: fullDiskHint,
  EDQUOT: fullDiskHint,
  EROFS: 'choose a folder that can be written with --out',
  EACCES: 'check who owns the path and its mode',
  EPERM: 'check who owns the path and its mode',
  ENOENT: 'check the path',
  ENOTDIR: 'check the path: one of its folders is a file',
  EISDIR: 'check the path: it is a folder',
  ELOOP: 'check the path: its links lead in a circle',
  ENAMETOOLONG: 'check the path: it, or a name in it, is longer than the file system allows',
  ENXIO: 'check the path: it is no file that can be read',
  EAGAIN: 'check the path: nothing can be read from it now',
  EIO: 'the disk gave an error: look at what the kernel says of it (dmesg)',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
  ENFILE: 'too many files are open on this machine: end other programs',
};

/** Returns the next step for an error of the operating system that a machine's state or a path explains; undefined for any other. */
export function systemHint(code: string | undefined): string | undefined {
  return code === undefined ? undefined : hints[code];
}
