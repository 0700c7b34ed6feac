import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';

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
