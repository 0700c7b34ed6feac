import { expect, test } from 'vitest';
import { type CatalogOptions, withCatalog } from '../../builders/catalog.ts';
import { inspectFolder } from '../../builders/inspected.ts';
import { temporaryFolder } from '../../builders/release.ts';
import { driverFolder, type Tree, writeTree } from '../../builders/tree.ts';

test('where a source has two builds for one Windows, the older one is compared', async () => {
  const newest = { ...built('Wxp/x86', '51.64.104.4800'), ...built('more/Wxp/x86', '51.74.104.13000') };
  const rule = 'driver/older-than-on-older-windows';
  expect(await found(rule, { ...newest, ...built('Wnet/x86', '52.64.104.4800') })).toEqual([]);
  expect(await found(rule, { ...newest, ...built('Wnet/x86', '52.64.104.4700') })).toEqual([
    'Wnet/x86/viostor.inf: is build 47, but Wxp/x86/viostor.inf for Windows XP is build 48',
  ]);
});

test('builds of other architectures and DriverVer of other vendors are not compared', async () => {
  const rule = 'driver/older-than-on-older-windows';
  const others = { ...built('Win7/amd64', '61.77.104.17200'), ...built('Win10/x86', '100.77.104.16000') };
  const vendor = { ...built('Win7/x86', '9.1.0.500'), ...built('Win8/x86', '9.1.0.400') };
  expect(await found(rule, others)).toEqual([]);
  expect(await found(rule, vendor)).toEqual([]);
});

test.each([
  ['LF', /"repair: \[line-endings\]"/],
  ['CRLF', /^take the INF and the catalog from one build/],
])('the hint for an INF with %s line ends that its catalog lacks says what helps', async (ends, hint) => {
  const tree = withCatalog(driverFolder('Win10/x86'), { instead: { 'viostor.inf': 'x' } });
  const text = String(tree['Win10/x86/viostor.inf']);
  const stored = { ...tree, 'Win10/x86/viostor.inf': ends === 'LF' ? text.replaceAll('\r\n', '\n') : text };
  const [finding, ...more] = (await findingsOf(stored)).filter(({ rule }) => rule === 'catalog/inf-mismatch');
  expect(finding?.hint).toMatch(hint);
  expect(more).toEqual([]);
});

test.each<[string, CatalogOptions, string[]]>([
  ['the only INF of the catalog has another', {}, ['Win10/x86/viostor.cat: lists viostor.inf as "old.inf"']],
  ['no member is called an INF', { names: { 'viostor.inf': 'old.txt' } }, []],
])('the name of an INF whose digest the catalog lacks is odd when %s', async (_, options, expected) => {
  const instead = { 'viostor.inf': 'x' };
  const tree = withCatalog(driverFolder('Win10/x86'), {
    instead,
    names: { 'viostor.inf': 'old.inf' },
    ...options,
  });
  expect(await found('catalog/odd-name', tree)).toEqual(expected);
});

test('a folder that names no Windows has no OS to compare with', async () => {
  const tree = { ...unnamed('Win10/x86'), ...unnamed('Win10/amd64') };
  expect(await found('catalog/os-not-covered', tree)).toEqual([]);
});

const forAny = { decorations: ['NTamd64'], subsystemVersion: '5.2', osAttr: '2:5.2' } as const;

test.each<[string, expected: boolean, Tree]>([
  ['x86', false, unnamed('Win10/x86')],
  ['ARM64', true, unnamed('Win10/ARM64', { decorations: ['NTarm64'], subsystemVersion: '5.2' })],
  ['amd64 with what XP x64 can load', false, unnamed('Win10/amd64', forAny)],
  ['amd64 with models for Vista', true, unnamed('Win10/amd64', { ...forAny, decorations: ['NTamd64.6.0'] })],
  ['amd64 with a catalog for 7', true, unnamed('Win10/amd64', { ...forAny, osAttr: '2:5.2,2:6.1' })],
  ['amd64 with a catalog for XP', false, unnamed('Win10/amd64', { ...forAny, subsystemVersion: '10.0' })],
  ['amd64 linked for 10', true, unnamed('Win10/amd64', { decorations: ['NTamd64'] }, false)],
  ['amd64 linked for 5.2', false, unnamed('Win10/amd64', forAny, false)],
])('in a folder that names no Windows, an unsigned boot driver: %s: %s', async (_, expected, tree) => {
  expect(await found('pe/unsigned-boot-driver', tree)).toHaveLength(expected ? 1 : 0);
});

interface Unnamed {
  readonly decorations?: readonly string[];
  readonly subsystemVersion?: `${number}.${number}`;
  readonly osAttr?: string;
}

/** A package with an unsigned boot driver in a folder that names no Windows. */
function unnamed(folder: string, options: Unnamed = {}, hasCatalog = true): Tree {
  const { decorations, subsystemVersion, osAttr = '2:5.1' } = options;
  const driver = { files: ['viostor.sys'], destination: 12, startType: 0 } as const;
  const tree = driverFolder(folder, {
    inf: { driver, ...(decorations !== undefined && { decorations }) },
    pe: { ...(subsystemVersion !== undefined && { subsystemVersion }) },
  });
  const files = hasCatalog ? withCatalog(tree, { osAttr }) : tree;
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [path.replace('Win10/', 'some/'), content]),
  );
}

test.each([
  [
    'Needs of the same INF',
    'Needs = Common.Services\r\n[Common.Services]\r\nNeeds = Last.Services\r\n[Last.Services]\r\n',
  ],
  ['no Needs', ''],
])('an unsigned boot driver is reported behind %s', async (_, services) => {
  const driver = { files: ['viostor.sys'], destination: 12, startType: 0 } as const;
  const tree = driverFolder('Win10/amd64', { inf: { driver } });
  const inf = 'Win10/amd64/viostor.inf';
  const text = String(tree[inf]).replace('AddService', `${services}AddService`);
  expect(await found('pe/unsigned-boot-driver', withCatalog({ ...tree, [inf]: text }))).toEqual([
    'Win10/amd64/viostor.sys: is loaded at boot, but has no embedded signature',
  ]);
});

function built(folder: string, version: `${number}.${number}.${number}.${number}`): Tree {
  return withCatalog(driverFolder(folder, { inf: { driverVer: `01/02/2026,${version}` }, pe: { version } }));
}

async function found(rule: string, tree: Tree): Promise<string[]> {
  const findings = (await findingsOf(tree)).filter((finding) => finding.rule === rule);
  return findings.map(({ path, message }) => `${path}: ${message}`);
}

async function findingsOf(tree: Tree) {
  const folder = await temporaryFolder('pvdisc-inspected-');
  await writeTree(folder, tree);
  return (await inspectFolder(folder)).findings;
}
