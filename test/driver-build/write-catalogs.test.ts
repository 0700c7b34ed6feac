import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { writeCatalogs } from '../../pipeline/driver-build/write-catalogs.ts';
import { parseCatalog } from '../../pipeline/formats/catalog/catalog.ts';
import { fileDigests, membersOf } from '../../pipeline/formats/catalog/file-digests.ts';
import { readOwnTables } from '../../pipeline/manifest/read.ts';
import { openInput } from '../../pipeline/sources/open-input.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';
import { driverFolder, writeTree } from '../builders/tree.ts';

const tables = await readOwnTables();

const two = {
  ...driverFolder('Win10/amd64', { inf: { catalog: 'viostor.cat' } }),
  ...driverFolder('Win7/x86', { inf: { catalog: 'viostor.cat' } }),
};

async function written(folder: string, replace = false) {
  const { signal } = new AbortController();
  const context = {
    workDir: folder,
    cacheDir: folder,
    signal,
    reporter: silentReporter,
    overrides: new Map(),
  };
  return writeCatalogs(await openInput(folder, context), { ...tables, folder, replace }, context);
}

test('writes unsigned catalogs that hold every file of their INF, and the same bytes again', async () => {
  const folder = await temporaryFolder('pvdisc-catalogs-');
  await writeTree(folder, two);
  expect((await written(folder)).map(({ path, version, state }) => [path, version, state])).toEqual([
    ['Win10/amd64/viostor.cat', 2, 'new'],
    ['Win7/x86/viostor.cat', 1, 'new'],
  ]);
  for (const place of ['Win10/amd64', 'Win7/x86']) {
    const catalog = parseCatalog(await readFile(join(folder, place, 'viostor.cat')));
    expect(catalog.signature).toEqual({ certificates: [], signers: [] });
    for (const name of ['viostor.inf', 'viostor.sys'])
      expect(membersOf(catalog, fileDigests(await readFile(join(folder, place, name)))), name).not.toEqual(
        [],
      );
    expect((await readdir(join(folder, place))).sort()).toEqual([
      'viostor.cat',
      'viostor.inf',
      'viostor.sys',
    ]);
  }
  expect((await written(folder)).map(({ state }) => state)).toEqual(['unchanged', 'unchanged']);
});

test('takes no autorun.inf for a driver', async () => {
  const folder = await temporaryFolder('pvdisc-catalogs-');
  await writeTree(folder, { ...two, 'AutoRun.inf': '[AutoRun]\r\nopen=setup.exe\r\n' });
  expect(await written(folder)).toHaveLength(2);
});

test('leaves all as it was when one catalog is there with other content, unless it may replace it', async () => {
  const folder = await temporaryFolder('pvdisc-catalogs-');
  await writeTree(folder, { ...two, 'Win7/x86/viostor.cat': 'signed elsewhere' });
  expect(await problemsOf(written(folder))).toEqual([
    'Win7/x86/viostor.cat: is there already, and was made of other files or for other Windows versions\n  hint: --replace overwrites it',
  ]);
  expect(await readdir(join(folder, 'Win10/amd64'))).not.toContain('viostor.cat');
  expect((await written(folder, true)).map(({ state }) => state)).toEqual(['new', 'replaced']);
  expect(parseCatalog(await readFile(join(folder, 'Win7/x86/viostor.cat'))).version).toBe(1);
});

test.each([
  ['../../../precious.txt', '"../../../precious.txt": is not a plain file name'],
  ['..\\..\\x.cat', '"..\\\\..\\\\x.cat": is not a plain file name'],
  ['viostor.sys', '"viostor.sys": does not end in .cat'],
  ['viostor.inf', '"viostor.inf": does not end in .cat'],
  ['x', '"x": does not end in .cat'],
  ['con.cat', '"con.cat": "con.cat" is the name of a device on Windows'],
])('writes nothing where CatalogFile is %s', async (catalog, said) => {
  const folder = await temporaryFolder('pvdisc-catalogs-');
  const tree = { 'precious.txt': 'kept', ...driverFolder('a/Win10/amd64', { inf: { catalog } }) };
  await writeTree(folder, tree);
  expect(await problemsOf(written(join(folder, 'a'), true))).toEqual([
    `Win10/amd64/viostor.inf:9: CatalogFile names ${said}\n  hint: write "CatalogFile = viostor.cat"`,
  ]);
  for (const [path, bytes] of Object.entries(tree))
    expect((await readFile(join(folder, path))).equals(Buffer.from(bytes)), path).toBe(true);
  expect((await readdir(folder, { recursive: true })).length).toBe(Object.keys(tree).length + 3);
});

test('a changed file gives another catalog', async () => {
  const folder = await temporaryFolder('pvdisc-catalogs-');
  await writeTree(folder, two);
  await written(folder);
  const before = await readFile(join(folder, 'Win10/amd64/viostor.cat'));
  await writeFile(join(folder, 'Win10/amd64/viostor.sys'), 'other bytes');
  await written(folder, true);
  const after = await readFile(join(folder, 'Win10/amd64/viostor.cat'));
  expect(parseCatalog(after).listId).not.toBe(parseCatalog(before).listId);
});
