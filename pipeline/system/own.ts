import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The tool's own root folder: it holds `drivers-manifest/` and `debian/`, in a checkout and in an installed package. */
export const toolRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Returns the version of pvdisc itself, from its package.json. */
export async function ownVersion(): Promise<string> {
  const text = await readFile(join(toolRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
