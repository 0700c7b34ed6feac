import { mkdir, readdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { toolPath } from './needs.ts';
import { temporaryFolder } from './release.ts';

/** Returns a PATH with links to all programs of this machine but some, until the test ends. */
export async function pathWithout(...programs: readonly string[]): Promise<string> {
  const folder = join(await temporaryFolder('pvdisc-path-'), 'bin');
  await mkdir(folder);
  const linked = new Set(programs);
  for (const place of toolPath.split(delimiter)) {
    for (const name of await readdir(place).catch(() => [])) {
      if (linked.has(name)) continue;
      linked.add(name);
      await symlink(join(place, name), join(folder, name));
    }
  }
  return folder;
}
