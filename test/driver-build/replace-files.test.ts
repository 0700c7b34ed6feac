import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replaceFiles } from '../../pipeline/driver-build/replace-files.ts';
import { temporaryFolder } from '../builders/release.ts';

test('puts new contents in the place of files, and leaves nothing else', async () => {
  const folder = await temporaryFolder('pvdisc-replace-');
  await writeFile(join(folder, 'a'), 'old');
  await replaceFiles(
    new Map(
      [
        ['a', 'new'],
        ['b', 'b'],
      ].map(([name = '', text = '']) => [join(folder, name), Buffer.from(text)]),
    ),
  );
  expect(await readFile(join(folder, 'a'), 'utf8')).toBe('new');
  expect((await readdir(folder)).sort()).toEqual(['a', 'b']);
});

test('changes no file when one cannot be written', async () => {
  const folder = await temporaryFolder('pvdisc-replace-');
  await writeFile(join(folder, 'a'), 'old');
  const contents = new Map(['a', 'none/b'].map((name) => [join(folder, name), Buffer.from('new')]));
  await expect(replaceFiles(contents)).rejects.toMatchObject({
    code: 'ENOENT',
    path: join(folder, 'none/b'),
    message: 'ENOENT: no such file or directory',
  });
  expect(await readFile(join(folder, 'a'), 'utf8')).toBe('old');
  expect((await readdir(folder)).sort()).toEqual(['a']);
});
