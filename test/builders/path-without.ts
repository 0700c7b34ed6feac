import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { inject } from 'vitest';
import { toolPath } from './needs.ts';

/** Returns a PATH with links to all programs of this machine but some, one for all test files of a run: there are thousands of programs. */
export async function pathWithout(...programs: readonly string[]): Promise<string> {
  const path = join(inject('runFolder'), ['path-without', ...programs].join('-'));
  if (existsSync(path)) return path;
  const folder = await mkdtemp(`${path}-`);
  await chmod(folder, 0o755);
  const linked = new Set(programs);
  for (const place of toolPath.split(delimiter)) {
    for (const name of await readdir(place).catch(() => [])) {
      if (linked.has(name)) continue;
      linked.add(name);
      await symlink(join(place, name), join(folder, name));
    }
  }
  // Another process may have made it meanwhile.
  await rename(folder, path).catch(() => rm(folder, { recursive: true }));
  return path;
}
