import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { byCodeUnit } from '../../pipeline/core/order.ts';
import { entriesBelow, exists, hashFile, listFiles } from '../../pipeline/system/files.ts';
import { ownVersion, toolRoot } from '../../pipeline/system/own.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';
import { writeTree } from '../builders/tree.ts';

test('names are ordered by code units, whatever the locale', () => {
  expect(['b', 'ä', 'B', 'a', '10', '9', 'a b', 'a-b', 'a'].sort(byCodeUnit)).toEqual([
    '10',
    '9',
    'B',
    'a',
    'a',
    'a b',
    'a-b',
    'b',
    'ä',
  ]);
});

test('a file has its digest and size', async () => {
  const folder = await temporaryFolder('pvdisc-files-');
  const bytes = Buffer.alloc(200_000, 'pvdisc');
  await writeTree(folder, { big: bytes, empty: '' });
  expect(await hashFile(join(folder, 'big'))).toEqual({
    file: join(folder, 'big'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: 200_000,
  });
  expect(await hashFile(join(folder, 'empty'))).toMatchObject({
    size: 0,
    sha256: expect.stringMatching(/^e3b0c442/),
  });
  await expect(hashFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(hashFile(join(folder, 'big'), AbortSignal.abort())).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test('all files below a folder are listed, sorted, with their sizes; empty folders are not', async () => {
  const folder = await temporaryFolder('pvdisc-files-');
  await writeTree(folder, { 'b/c': '12', a: '1', 'b.txt': '', '.hidden/x': '123' });
  await mkdir(join(folder, 'empty'));
  expect(await listFiles(folder)).toEqual([
    { path: '.hidden/x', size: 3 },
    { path: 'a', size: 1 },
    { path: 'b.txt', size: 0 },
    { path: 'b/c', size: 2 },
  ]);
  await expect(listFiles(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a link, a pipe and a name that is no UTF-8 are told, none is skipped or followed', async () => {
  const folder = await temporaryFolder('pvdisc-files-');
  await writeTree(folder, { 'a/x': 'x' });
  const hint = '\n  hint: copy the real file there, or leave it out of the source';
  await symlink('x', join(folder, 'a/link'));
  expect(await problemsOf(listFiles(join(folder, 'a')), folder)).toEqual([
    `./a/link: is neither a file nor a folder (a link or a device)${hint}`,
  ]);
  await mkdir(join(folder, 'b'));
  await execa('mkfifo', [join(folder, 'b/pipe')]);
  expect(await problemsOf(listFiles(join(folder, 'b')), folder)).toEqual([
    `./b/pipe: is neither a file nor a folder (a link or a device)${hint}`,
  ]);
  await mkdir(join(folder, 'c'));
  await writeFile(Buffer.concat([Buffer.from(join(folder, 'c/n')), Buffer.of(0xff)]), 'x');
  expect(await problemsOf(listFiles(join(folder, 'c')), folder)).toEqual([
    './c/n\uFFFD: its name is not valid UTF-8\n  hint: rename it',
  ]);
});

test('a path exists or not; none exists below a file or a link to nothing', async () => {
  const folder = await temporaryFolder('pvdisc-files-');
  await writeTree(folder, { 'a/x': 'x' });
  await symlink('nowhere', join(folder, 'dangling'));
  expect(
    await Promise.all(['a', 'a/x', 'b', 'a/x/y', 'dangling'].map((name) => exists(join(folder, name)))),
  ).toEqual([true, true, false, false, false]);
});

test('pvdisc knows its own root and version', async () => {
  expect(await exists(join(toolRoot, 'drivers-manifest/targets.yaml'))).toBe(true);
  expect(await ownVersion()).toMatch(/^\d+\.\d+\.\d+$/);
});

test('entries are found below folders and not through links', async () => {
  const folder = await temporaryFolder('pvdisc-files-');
  await writeTree(folder, { 'inside/a/b': '', 'outside/c': '' });
  await symlink('../outside', join(folder, 'inside/link'));
  const names = (await entriesBelow(join(folder, 'inside'))).map(({ name }) => name);
  expect(names.sort()).toEqual(['a', 'b', 'link']);
  expect(await entriesBelow(join(folder, 'none'))).toEqual([]);
});
