import { cp, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../builders/release.ts';

test('the compiled program holds what its sources hold, also after these moved and came back', async () => {
  const folder = await temporaryFolder('pvdisc-compile-');
  for (const name of ['scripts/compile', 'package.json', 'tsconfig.json', 'tsconfig.build.json'])
    await cp(name, join(folder, name));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, 'pipeline/old'), { recursive: true });
  await writeFile(join(folder, 'pipeline/old/a.ts'), 'export const a = 1;\n');
  const compiled = async () => {
    await execa(join(folder, 'scripts/compile'), { cwd: '/' });
    const found = await readdir(join(folder, 'build'), { recursive: true });
    return found.filter((name) => !name.startsWith('.')).sort();
  };
  expect(await compiled()).toEqual(['old', 'old/a.js']);
  await rename(join(folder, 'pipeline/old/a.ts'), join(folder, 'pipeline/b.ts'));
  await rm(join(folder, 'pipeline/old'), { recursive: true });
  expect(await compiled()).toEqual(['b.js']);
  await mkdir(join(folder, 'pipeline/old'));
  await rename(join(folder, 'pipeline/b.ts'), join(folder, 'pipeline/old/a.ts'));
  expect(await compiled()).toEqual(['old', 'old/a.js']);
});
