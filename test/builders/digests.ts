import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from './disc-contents.ts';

/** Returns the sha256 of every file below a folder, by its path there; a folder that is not there has none. */
export async function digestsBelow(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  const digests = paths.sort().map(async (path) => {
    return [path.slice(folder.length + 1), sha256(await readFile(path))] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}
