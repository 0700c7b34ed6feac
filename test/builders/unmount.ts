import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { lacksTool } from './needs.ts';

/** Unmounts a folder; the kernel may keep it busy for a moment after the last process has ended. */
export async function unmount(folder: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const { failed, stderr } = await execa('umount', [folder], { reject: false });
    if (!failed) return;
    if (!stderr.includes('busy')) throw new Error(stderr);
    await setTimeout(100);
  }
  throw new Error(`${folder} is still in use`);
}

/** Tells whether a program can have mounts of its own; unshare cannot detach those of a chroot whose root is no mount. */
export async function canDetachMounts(): Promise<boolean> {
  if (process.getuid?.() !== 0 || lacksTool('mount', 'unshare')) return false;
  const { exitCode } = await execa('unshare', ['--mount', 'true'], { reject: false });
  if (exitCode !== 0)
    console.warn('SKIPPED: unshare --mount fails here, as in a chroot whose root is no mount');
  return exitCode === 0;
}
