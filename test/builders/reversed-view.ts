import { mkdir, rename } from 'node:fs/promises';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** Mounts disorderfs over a folder to reverse its listings until the test ends; returns false with a note if FUSE does not work. */
export async function viewReversed(folder: string): Promise<boolean> {
  const stored = `${folder}.stored`;
  await rename(folder, stored);
  await mkdir(folder);
  const options = ['--multi-user=yes', '--reverse-dirents=yes', '--quiet'];
  const { failed, stderr } = await execa('disorderfs', [...options, stored, folder], { reject: false });
  if (failed) {
    console.warn(`SKIPPED: no file system of FUSE can be mounted here: ${stderr}`);
    return false;
  }
  onTestFinished(async () => {
    await execa('fusermount', ['-u', '-z', folder], { reject: false });
  });
  return true;
}
