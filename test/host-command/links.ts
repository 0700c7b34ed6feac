import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { toolPath } from '../builders/needs.ts';

/** Makes a folder of links to a few programs, for a PATH that lacks all others. */
export async function makeLinks(folder: string, programs: readonly string[]): Promise<void> {
  await mkdir(folder);
  for (const program of programs) {
    const { stdout } = await execa('sh', ['-c', 'command -v "$1"', 'sh', program], {
      env: { PATH: toolPath },
    });
    await symlink(stdout, join(folder, program));
  }
}
