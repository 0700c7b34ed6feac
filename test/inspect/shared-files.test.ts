import { expect, test } from 'vitest';
import { inspect } from '../../pipeline/inspect/inspect.ts';
import { readOwnTables } from '../../pipeline/manifest/read.ts';
import { openInput } from '../../pipeline/sources/open-input.ts';
import { withCatalog } from '../builders/catalog.ts';
import { collectRelease, makeRelease, temporaryFolder } from '../builders/release.ts';
import { driverFolder, type Tree, writeTree } from '../builders/tree.ts';
import { type Change, changedFolder } from '../validate/rules/changed-inf.ts';

const folder = 'Win11/amd64';

const listing = (file: string): Change => [
  '[SourceDisksFiles]\r\n',
  `[SourceDisksFiles]\r\n${file} = 1,,\r\n`,
];
const copying = (file: string): Change => ['[viostor_Files]\r\n', `[viostor_Files]\r\n${file}\r\n`];

async function inspected(tree: Tree) {
  const path = await temporaryFolder('pvdisc-shared-');
  await writeTree(path, tree);
  const { context } = await makeRelease();
  return inspect(await openInput(path, context), await readOwnTables(), context);
}

const own = ['viostor.cat', 'viostor.inf', 'viostor.sys'];
const atGuest = ['w11', '2k25'];

test.each<[string, readonly Change[], readonly string[]]>([
  ['itself in [SourceDisksFiles]', [listing('viostor.inf')], own],
  ['itself there in capitals', [listing('VIOSTOR.INF')], own],
  ['itself in a CopyFiles list', [listing('viostor.inf'), copying('viostor.inf')], own],
  ['itself as @file', [['CopyFiles = viostor_Files', 'CopyFiles = viostor_Files,@viostor.inf']], own],
  ['its catalog as a file', [listing('Viostor.CAT'), copying('viostor.cat')], own],
  ['itself as its catalog', [['CatalogFile = viostor.cat', 'CatalogFile = viostor.inf']], own.slice(1)],
])('an INF that names %s is inspected', async (_what, changes, files) => {
  const { packages, problems } = await inspected(withCatalog(changedFolder(folder, ...changes)));
  expect(problems).toEqual([]);
  expect(packages.map(({ target }) => target.os)).toEqual(atGuest);
  const hasCatalog = files.includes('viostor.cat');
  for (const { files: found, signature } of packages) {
    expect(found.map(({ path }) => path)).toEqual(files.map((name) => `${folder}/${name}`));
    expect(signature).toBe(hasCatalog ? 'self-signed' : 'unsigned');
  }
});

/** A viostor that copies the INF and catalog of netkvm, whose catalog sorts first. */
function copier(): Tree {
  const files = ['netkvm.inf', 'netkvm.cat'];
  return withCatalog({
    ...driverFolder(folder, { name: 'netkvm' }),
    ...changedFolder(folder, ...files.flatMap((file) => [listing(file), copying(file)])),
  });
}

test('an INF that another INF copies is a package with a catalog of its own', async () => {
  const { packages, problems } = await inspected(copier());
  expect(problems).toEqual([]);
  expect(packages.map(({ driver, target }) => `${driver} ${target.os}`)).toEqual([
    'NetKVM w11',
    'NetKVM 2k25',
    'viostor w11',
    'viostor 2k25',
  ]);
  expect(packages[2]?.files.map(({ path }) => path)).toEqual([
    `${folder}/netkvm.cat`,
    `${folder}/netkvm.inf`,
    `${folder}/viostor.cat`,
    `${folder}/viostor.inf`,
    `${folder}/viostor.sys`,
  ]);
});

test('a catalog that an INF copies does not stand in for the one that it names', async () => {
  const good = await inspected(copier());
  const uncovered = [`${folder}/netkvm.cat`];
  expect(good.packages.at(-1)).toMatchObject({ driver: 'viostor', verdict: { uncovered } });
  const unnamed = changedFolder(folder, listing('other.cat'), copying('other.cat'), [
    'CatalogFile = viostor.cat\r\n',
    '',
  ]);
  const { packages } = await inspected({ ...unnamed, [`${folder}/other.cat`]: catalogOf(copier()) });
  expect(packages.map(({ signature }) => signature)).toEqual(['unsigned', 'unsigned']);
});

function catalogOf(tree: Tree): Uint8Array {
  return Buffer.from(tree[`${folder}/viostor.cat`] ?? '');
}

test('a release with a driver of two INFs, of which one copies the other, has both as INFs', async () => {
  const { tree } = await collectRelease({
    files: copier(),
    drivers: { viostor: { inf: ['viostor.inf', 'netkvm.inf'] } },
  });
  const roles = tree.files.filter(({ path }) => path.includes('/w11/'));
  expect(Object.fromEntries(roles.map(({ path, role }) => [path.split('/').at(-1), role]))).toEqual({
    'netkvm.cat': 'catalog',
    'netkvm.inf': 'inf',
    'netkvm.sys': 'payload',
    'viostor.cat': 'catalog',
    'viostor.inf': 'inf',
    'viostor.sys': 'payload',
  });
  const inW11 = tree.packages.filter(({ driver, target }) => driver === 'viostor' && target.os === 'w11');
  expect(inW11.map(({ catalogPath }) => catalogPath)).toEqual([
    'viostor/w11/amd64/netkvm.cat',
    'viostor/w11/amd64/viostor.cat',
  ]);
});
