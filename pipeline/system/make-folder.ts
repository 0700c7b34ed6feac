import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exists } from './files.ts';

/** Makes a folder and those that it lies in. Node's own recursive mkdir never ends below /proc, where a missing one cannot be made. */
export async function makeFolder(folder: string): Promise<void> {
  if (await exists(folder)) return;
  await makeFolder(dirname(folder));
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
