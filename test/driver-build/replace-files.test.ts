import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
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

test('keeps the mode of a file, and follows no link that is in the way', async () => {
  const folder = await temporaryFolder('pvdisc-replace-');
  const [file, other] = [join(folder, 'a'), join(folder, 'other')];
  await writeFile(file, 'old');
  await chmod(file, 0o750);
  await writeFile(other, 'kept');
  await symlink(other, `${file}.pvdisc-new`);
  await replaceFiles(new Map([[file, Buffer.from('new')]]));
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await stat(file)).mode & 0o777).toBe(0o750);
  expect(await readFile(other, 'utf8')).toBe('kept');
});

test('names the file where a folder is in the way, and leaves both', async () => {
  const folder = await temporaryFolder('pvdisc-replace-');
  const file = join(folder, 'a');
  await mkdir(`${file}.pvdisc-new`);
  await expect(replaceFiles(new Map([[file, Buffer.from('new')]]))).rejects.toMatchObject({ path: file });
  expect(await readdir(folder)).toEqual(['a.pvdisc-new']);
});
