import { expect, test } from 'vitest';
import { collect } from '../../pipeline/collect/collect.ts';
import type { CollectedTree } from '../../pipeline/model/driver-tree.ts';
import { problemsOf } from '../builders/problems.ts';
import { collectRelease, makeRelease, type ReleaseOptions } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

const viostor = driverFolder('Win10/amd64');
const netkvm = driverFolder('Win10/amd64', { name: 'netkvm' });
const useless =
  'resolves no conflict: no two folders claim this driver for these targets, or an earlier line applies\n  hint: remove the line, or check the names in it';

test('two sources give one driver each', async () => {
  const { tree } = await collectRelease({ sources: { old: viostor, new: netkvm } });
  expect(originsOf(tree)).toEqual([
    'NetKVM/2k22/amd64/netkvm.inf <- new: Win10/amd64/netkvm.inf',
    'NetKVM/2k22/amd64/netkvm.sys <- new: Win10/amd64/netkvm.sys',
    'NetKVM/w10/amd64/netkvm.inf <- new: Win10/amd64/netkvm.inf',
    'NetKVM/w10/amd64/netkvm.sys <- new: Win10/amd64/netkvm.sys',
    'viostor/2k22/amd64/viostor.inf <- old: Win10/amd64/viostor.inf',
    'viostor/2k22/amd64/viostor.sys <- old: Win10/amd64/viostor.sys',
    'viostor/w10/amd64/viostor.inf <- old: Win10/amd64/viostor.inf',
    'viostor/w10/amd64/viostor.sys <- old: Win10/amd64/viostor.sys',
  ]);
  expect(tree.sources.map(({ id, files }) => [id, files.shipped])).toEqual([
    ['new', 2],
    ['old', 2],
  ]);
});

test('of two whole builds, one driver is taken from each', async () => {
  const both = { ...viostor, ...netkvm };
  const release = {
    prefer: [
      { driver: 'viostor', source: 'old', reason: 'a bug in the new one' },
      { driver: 'NetKVM', source: 'new', reason: 'newer' },
    ],
  };
  const { tree } = await collectRelease({ sources: { old: both, new: both }, release });
  expect(new Set(originsOf(tree).map((line) => line.replace(/\/.*<- (.*):.*/, ' $1')))).toEqual(
    new Set(['NetKVM new', 'viostor old']),
  );
  expect(tree.sources.map(({ id, files }) => [id, files])).toEqual([
    ['new', { shipped: 2, leftOut: 2, ignored: 0 }],
    ['old', { shipped: 2, leftOut: 2, ignored: 0 }],
  ]);
});

test('every place that two folders claim is told, and where to say which one wins', async () => {
  const hint = '\n  hint: choose one of them under "prefer" in ./release.yaml:1';
  expect(
    await problems({ sources: { old: viostor, new: { ...viostor, ...driverFolder('deep/Win10/amd64') } } }),
  ).toEqual([
    `viostor/w10/amd64: claimed by new: Win10/amd64 and new: deep/Win10/amd64 and old: Win10/amd64${hint}`,
    `viostor/2k22/amd64: claimed by new: Win10/amd64 and new: deep/Win10/amd64 and old: Win10/amd64${hint}`,
  ]);
});

test('a preference for some targets leaves the others open', async () => {
  const prefer = [{ driver: 'viostor', targets: ['2k22/amd64'], source: 'old', reason: 'r' }];
  expect(await problems({ sources: { old: viostor, new: viostor }, release: { prefer } })).toEqual([
    expect.stringContaining('viostor/w10/amd64: claimed by new: Win10/amd64 and old: Win10/amd64'),
  ]);
});

test('a preference for a folder settles what one source holds twice', async () => {
  const files = { ...viostor, ...driverFolder('beta/Win10/amd64') };
  const prefer = [{ driver: 'viostor', folder: 'beta/Win10/amd64', reason: 'r' }];
  const { tree } = await collectRelease({ files, release: { prefer } });
  expect(new Set(tree.files.map(({ origin }) => origin.path.split('/')[0]))).toEqual(new Set(['beta']));
});

test('the first preference that fits decides; a later one may settle the rest', async () => {
  const prefer = [
    { driver: 'viostor', targets: ['w10/amd64'], source: 'old', reason: 'r' },
    { driver: 'viostor', source: 'new', reason: 'r' },
  ];
  const { tree } = await collectRelease({ sources: { old: viostor, new: viostor }, release: { prefer } });
  expect(originsOf(tree).filter((line) => line.includes('.sys'))).toEqual([
    'viostor/2k22/amd64/viostor.sys <- new: Win10/amd64/viostor.sys',
    'viostor/w10/amd64/viostor.sys <- old: Win10/amd64/viostor.sys',
  ]);
});

test('preferences that settle nothing are told: no conflict, an earlier line, another driver, a folder that does not exist', async () => {
  const prefer = [
    { driver: 'viostor', source: 'old', reason: 'settles all' },
    { driver: 'viostor', source: 'new', reason: 'too late' },
    { driver: 'NetKVM', source: 'new', reason: 'no conflict' },
    { driver: 'viostor', targets: ['w11/ARM64'], source: 'new', reason: 'nobody has that target' },
  ];
  expect(
    await problems({ sources: { old: viostor, new: { ...viostor, ...netkvm } }, release: { prefer } }),
  ).toEqual([
    `./release.yaml:18: prefer.1: ${useless}`,
    `./release.yaml:21: prefer.2: ${useless}`,
    `./release.yaml:24: prefer.3: ${useless}`,
  ]);
  const nowhere = [{ driver: 'viostor', folder: 'nowhere', reason: 'r' }];
  const told = await problems({ sources: { old: viostor, new: viostor }, release: { prefer: nowhere } });
  expect(told).toHaveLength(3);
  expect(told.at(-1)).toBe(
    './release.yaml:16: prefer.0.folder: "nowhere" holds no INF of driver "viostor"\n  hint: check its spelling (case matters here) and whether the source still has it',
  );
});

test('a conflict over what the release does not select needs no preference', async () => {
  const release = { select: { drivers: { include: ['NetKVM'] } } };
  const { tree } = await collectRelease({
    sources: { old: viostor, new: { ...viostor, ...netkvm } },
    release,
  });
  expect(originsOf(tree).map((line) => line.split('/')[0])).toEqual(Array(4).fill('NetKVM'));
  expect(tree.sources.map(({ files }) => files.leftOut)).toEqual([2, 2]);
});

test.each<[string, object, string[]]>([
  [
    'drivers',
    { drivers: { include: ['NetKVM'] } },
    ['NetKVM/2k22/amd64', 'NetKVM/w10/amd64', 'NetKVM/w10/x86'],
  ],
  [
    'all drivers but some',
    { drivers: { exclude: ['NetKVM'] } },
    ['viostor/2k22/amd64', 'viostor/w10/amd64', 'viostor/w10/x86'],
  ],
  ['Windows', { os: { include: ['2k22'] } }, ['NetKVM/2k22/amd64', 'viostor/2k22/amd64']],
  [
    'all Windows but some',
    { os: { exclude: ['2k22'] }, drivers: { include: ['viostor'] } },
    ['viostor/w10/amd64', 'viostor/w10/x86'],
  ],
  ['architectures', { arch: { include: ['x86'] } }, ['NetKVM/w10/x86', 'viostor/w10/x86']],
  [
    'all architectures but some',
    { arch: { exclude: ['x86', 'ARM64'] }, os: { include: ['w10'] } },
    ['NetKVM/w10/amd64', 'viostor/w10/amd64'],
  ],
  ['nothing that is there', { arch: { include: ['ARM64'] } }, []],
])('select takes %s, and the files of the others are known all the same', async (_what, select, folders) => {
  const x86 = { ...driverFolder('Win10/x86'), ...driverFolder('Win10/x86', { name: 'netkvm' }) };
  const { tree } = await collectRelease({ files: { ...viostor, ...netkvm, ...x86 }, release: { select } });
  expect(tree.packages.map(({ inf }) => inf.replace(/\/[^/]*$/, ''))).toEqual(folders);
  expect([...new Set(tree.files.map(({ path }) => path.replace(/\/[^/]*$/, '')))]).toEqual(folders);
});

function originsOf(tree: CollectedTree): string[] {
  return tree.files.map(({ path, origin }) => `${path} <- ${origin.source}: ${origin.path}`);
}

async function problems(options: ReleaseOptions): Promise<string[]> {
  const { manifest, context, folder } = await makeRelease(options);
  return problemsOf(collect.run(manifest, context), folder);
}
