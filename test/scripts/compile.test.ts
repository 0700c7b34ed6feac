import { cp, mkdir, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../builders/release.ts';

test('the compiled program holds what its sources hold, also after these moved and came back', async () => {
  const folder = await temporaryFolder('pvdisc-compile-');
  for (const name of ['scripts/compile', 'package.json', 'tsconfig.json', 'tsconfig.build.json'])
    await cp(name, join(folder, name));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  for (const file of ['cli/index.ts', 'old/a.ts']) {
    await mkdir(dirname(join(folder, 'pipeline', file)), { recursive: true });
    await writeFile(join(folder, 'pipeline', file), 'export const a = 1;\n');
  }
  const compiled = async () => {
    await execa(join(folder, 'scripts/compile'), { cwd: '/' });
    const found = await readdir(join(folder, 'build'), { recursive: true });
    return found.filter((name) => !name.startsWith('.') && !name.startsWith('cli')).sort();
  };
  expect(await compiled()).toEqual(['old', 'old/a.d.ts', 'old/a.js']);
  await rename(join(folder, 'pipeline/old/a.ts'), join(folder, 'pipeline/b.ts'));
  await rm(join(folder, 'pipeline/old'), { recursive: true });
  expect(await compiled()).toEqual(['b.d.ts', 'b.js']);
  await mkdir(join(folder, 'pipeline/old'));
  await rename(join(folder, 'pipeline/b.ts'), join(folder, 'pipeline/old/a.ts'));
  expect(await compiled()).toEqual(['old', 'old/a.d.ts', 'old/a.js']);
  expect((await stat(join(folder, 'build/cli/index.js'))).mode & 0o111).toBe(0o111);
});
