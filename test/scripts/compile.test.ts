import { cp, mkdir, readdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../builders/release.ts';

test('the compiled program holds what its sources hold, also after these moved and came back', async () => {
  const folder = await temporaryFolder('pvdisc-compile-');
  const sources = {
    'scripts/print.mjs': "import { a } from '../build/old/a.js';\nconsole.log(a);\n",
    'package.json': '{"type":"module","bin":{"pvdisc":"build/cli/index.js"},"exports":{}}',
    'pipeline/cli/index.ts': "#!/usr/bin/env node\nimport { a } from '../old/a.ts';\nconsole.log(a);\n",
    'pipeline/old/a.ts': "export const a: string = 'first';\n",
    'pipeline/reproduce/surroundings.ts': 'process.umask();\n',
  };
  for (const [name, text] of Object.entries(sources)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await cp('scripts/compile.mjs', join(folder, 'scripts/compile.mjs'));
  const early = execa('node', [join(folder, 'scripts/compile.mjs')], { reject: false });
  expect(await early).toMatchObject({
    exitCode: 1,
    stderr: 'node_modules: has no esbuild\n  hint: run npm ci --ignore-scripts first',
  });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const compile = async () => {
    await execa('node', [join(folder, 'scripts/compile.mjs')], { cwd: '/' });
    const found = await readdir(join(folder, 'build'), { recursive: true, withFileTypes: true });
    return found.filter((entry) => entry.isFile()).map(({ name }) => name.replace(/-\w{8}\./, '.'));
  };
  const printed = async (file: string) => (await execa('node', [join(folder, file)])).stdout;

  expect((await compile()).sort()).toEqual([
    'LICENSES.txt',
    'a.js',
    'chunk.js',
    'index.js',
    'surroundings.js',
  ]);
  expect((await stat(join(folder, 'build/cli/index.js'))).mode & 0o111).toBe(0o111);
  await writeFile(join(folder, 'pipeline/old/a.ts'), "export const a = 'second';\n");
  await writeFile(join(folder, 'pipeline/old/b.ts'), '');
  await compile();
  expect([await printed('build/cli/index.js'), await printed('scripts/print.mjs')]).toEqual([
    'second',
    'second',
  ]);
  await rename(join(folder, 'pipeline/old'), join(folder, 'pipeline/new'));
  await writeFile(
    join(folder, 'pipeline/cli/index.ts'),
    "import { a } from '../new/a.ts';\nconsole.log(a);\n",
  );
  await writeFile(join(folder, 'scripts/print.mjs'), '');
  expect((await compile()).sort()).toEqual(['LICENSES.txt', 'index.js', 'surroundings.js']);
  expect(await printed('build/cli/index.js')).toBe('second');
});
