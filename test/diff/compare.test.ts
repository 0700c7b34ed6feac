import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareSides } from '../../pipeline/diff/compare.ts';
import { type Comparison, comparisonSchema } from '../../pipeline/diff/comparison-schema.ts';
import type { SidePackage } from '../../pipeline/diff/side.ts';
import { compareDriverVer } from '../../pipeline/diff/version.ts';
import { anySide, digest, driver, side } from '../builders/sides.ts';

function compare(old: readonly SidePackage[], now: readonly SidePackage[]): Comparison {
  const comparison = compareSides(side(old), side(now));
  expect(comparisonSchema.parse(comparison)).toEqual(comparison);
  return comparison;
}

const upgrade = { driverVer: '02/02/2026,1.2.10.0' };

test('versions count before dates, and numbers are not text', () => {
  const { packages, lost } = compare([driver()], [driver(upgrade)]);
  expect(packages).toMatchObject([{ change: 'upgraded', outranked: false }]);
  expect(lost).toBe(false);
  expect(compare([driver(upgrade)], [driver()]).packages).toMatchObject([{ change: 'downgraded' }]);
  expect(compareDriverVer('01/02/2026,1.2.3.4', '01/01/2026,1.2.3.5')).toEqual({ by: 1, outranked: true });
  expect(compareDriverVer('01/02/2026,1.2', '01/03/2026,1.2.0.0')).toEqual({ by: 1, outranked: false });
  expect(compareDriverVer('13/02/2026,1.x', '01/03/2026,1.2')).toEqual({ by: 0, outranked: false });
  expect(compareDriverVer(undefined, '01/03/2026,1.2')).toEqual({ by: 0, outranked: false });
});

test('a package is re-signed if only catalogs and the signatures of PE files differ', () => {
  const [inf, cat, sys] = driver().files ?? [];
  if (inf === undefined || cat === undefined || sys === undefined) throw new Error('no files');
  const signed = [inf, { ...cat, sha256: digest('cat2') }, { ...sys, sha256: digest('sys2'), size: 40 }];
  const { packages } = compare([driver()], [driver({ files: signed })]);
  expect(packages).toMatchObject([
    {
      change: 'resigned',
      files: [
        { path: 'viostor.cat', signatureOnly: true },
        { path: 'viostor.sys', signatureOnly: true, from: { size: 30 }, to: { size: 40 } },
      ],
      bytes: { from: 60, to: 70 },
    },
  ]);
  const unsigned = driver({
    files: [inf, sys],
    signature: 'unsigned',
    verdict: { integrity: 'none', uncovered: [], trust: 'unsigned' },
  });
  for (const pair of [[driver(), unsigned] as const, [unsigned, driver()] as const])
    expect(compare([pair[0]], [pair[1]]).packages).toMatchObject([
      { change: 'changed', files: [{ path: 'viostor.cat', signatureOnly: true }] },
    ]);
  const rebuilt = [inf, cat, { ...sys, sha256: digest('sys2'), authenticode: digest('code2') }];
  expect(compare([driver()], [driver({ files: rebuilt })]).packages).toMatchObject([
    { change: 'changed', files: [{ path: 'viostor.sys', signatureOnly: false }] },
  ]);
});

describe('lost is', () => {
  const w10 = driver({ target: { os: 'w10', arch: 'amd64' }, inf: 'viostor/w10/amd64/viostor.inf' });

  test('a driver that a Windows no longer has', () => {
    const { lost, coverage, hardwareIds, counts } = compare([driver(), w10], [driver()]);
    expect({ lost, coverage, hardwareIds }).toEqual({
      lost: true,
      coverage: { lost: [{ driver: 'viostor', target: 'w10/amd64', from: 'secure-boot' }], gained: [] },
      hardwareIds: { lost: [], gained: [] },
    });
    expect(counts).toMatchObject({ removed: 1, unchanged: 1, added: 0 });
  });

  test('a stricter load condition, also between two that load', () => {
    const { lost, coverage } = compare([driver()], [driver({ loads: 'without-secure-boot' })]);
    const change = { driver: 'viostor', target: 'w11/amd64', from: 'secure-boot', to: 'without-secure-boot' };
    expect({ lost, coverage }).toEqual({ lost: true, coverage: { lost: [change], gained: [] } });
  });

  test('not a driver that a package with another INF still brings, but its hardware ID', () => {
    const other = driver({
      inf: 'viostor/w11/amd64/other.inf',
      hardwareIds: ['pci\\ven_1af4&dev_1042'],
      compatibleIds: ['PCI\\VEN_1AF4&DEV_1001'],
    });
    const { lost, coverage, hardwareIds } = compare([driver(), other], [driver()]);
    expect(coverage).toEqual({ lost: [], gained: [] });
    const id = { id: 'PCI\\VEN_1AF4&DEV_1042', drivers: ['viostor'], targets: ['w11/amd64'] };
    expect({ lost, hardwareIds }).toEqual({ lost: true, hardwareIds: { lost: [id], gained: [] } });
  });

  test('not a hardware ID that another driver takes over', () => {
    const net = (ids: string[]) =>
      driver({ driver: 'net', inf: 'net/w11/amd64/net.inf', hardwareIds: ids, files: [] });
    const { lost, packages } = compare(
      [driver({ hardwareIds: ['A', 'B'] }), net(['C'])],
      [driver({ hardwareIds: ['a'] }), net(['c', 'b'])],
    );
    expect(lost).toBe(false);
    expect(packages.map(({ driver: name, hardwareIds }) => [name, hardwareIds])).toEqual([
      ['net', { gained: ['B'], lost: [] }],
      ['viostor', { gained: [], lost: ['B'] }],
    ]);
  });

  test('an installer whose name no other file has', () => {
    const file = (path: string) => ({ path, sha256: digest(path), size: 1 });
    const old = side([driver()], { files: ['a/guest.msi', 'tools.exe', 'README.txt'].map(file) });
    const now = side([driver()], { files: [file('b/GUEST.msi')] });
    const { programs, lost, files, identical } = compareSides(old, now);
    expect({ programs, lost, identical }).toEqual({
      programs: { lost: ['tools.exe'], gained: [] },
      lost: true,
      identical: false,
    });
    expect(files.map(({ path }) => path)).toEqual(['a/guest.msi', 'b/GUEST.msi', 'README.txt', 'tools.exe']);
  });
});

test('what the INF installs is compared by name', () => {
  const install = {
    services: [{ name: 'VioStor', function: true, start: 3, type: 1 }],
    registry: [{ of: 'service viostor', key: 'HKR\\Parameters', name: 'Other', value: 'text x' }],
    files: [],
  };
  const { packages } = compare([driver()], [driver({ install })]);
  expect(packages[0]?.install).toEqual({
    services: [
      {
        name: 'VioStor',
        from: 'start boot, type 1, function driver',
        to: 'start on demand, type 1, function driver',
      },
    ],
    registry: [
      { name: 'service viostor: HKR\\Parameters, BusType', from: 'dword 10' },
      { name: 'service viostor: HKR\\Parameters, Other', to: 'text x' },
    ],
    files: [{ name: '%windir%\\system32\\drivers\\viostor.sys', from: 'viostor.sys' }],
  });
});

test('without what INFs install or hardware IDs, the comparison says so', () => {
  const { install, ...recorded } = driver();
  const { hardwareIds, ...older } = recorded;
  expect(compare([recorded], [driver()]).notCompared).toEqual(['install']);
  expect(compare([older], [driver()])).toMatchObject({
    notCompared: ['install', 'hardware-ids'],
    lost: false,
    hardwareIds: { gained: [], lost: [] },
  });
});

test('packages that share driver, target and INF name are paired by path', () => {
  const at = (inf: string, version: string) => driver({ inf, driverVer: `01/02/2026,${version}` });
  const { packages } = compare(
    [at('a/viostor.inf', '1.0'), at('b/viostor.inf', '2.0')],
    [at('b/viostor.inf', '2.1'), at('c/viostor.inf', '1.1')],
  );
  expect(packages.map(({ inf, change }) => [inf.from, inf.to, change])).toEqual([
    ['a/viostor.inf', 'c/viostor.inf', 'upgraded'],
    ['b/viostor.inf', 'b/viostor.inf', 'upgraded'],
  ]);
});

test('swapping OLD and NEW mirrors the result', () => {
  fc.assert(
    fc.property(anySide, anySide, (old, now) => {
      expect(compareSides(now, old)).toEqual(mirrored(compareSides(old, now)));
    }),
  );
});

test('each copy of a package file that one side lacks is a difference', () => {
  const pathOf = ({ path }: { path: string }) => path.toLowerCase();
  const known = anySide.map((some) => ({
    ...some,
    packages: some.packages.map((found) => ({ ...found, files: found.files ?? [] })),
    // Of two paths that differ in case alone, Windows sees one.
    files: [...new Map(some.files.map((file) => [pathOf(file), file])).values()],
  }));
  fc.assert(
    fc.property(known, known, (old, now) => {
      const found = compareSides(old, now);
      const own = old.packages.flatMap(({ files }) => files);
      const copies = old.files.filter(
        (file) => own.some(({ sha256 }) => sha256 === file.sha256) && !own.map(pathOf).includes(pathOf(file)),
      );
      const gone = copies.map(pathOf).filter((path) => !now.files.map(pathOf).includes(path));
      const removed = found.files.filter(({ from, to }) => from !== undefined && to === undefined);
      expect(removed.map(pathOf)).toEqual(expect.arrayContaining(gone));
      if (gone.length > 0) expect(found.identical).toBe(false);
    }),
  );
});

test('a side has no differences from itself', () => {
  fc.assert(
    fc.property(anySide, (some) => {
      const comparison = compareSides(some, some);
      expect(comparison).toMatchObject({ identical: true, lost: false, packages: [], files: [] });
      const { counts } = comparison;
      const lists = losses(comparison).flatMap(({ gained, lost }) => [...gained, ...lost]);
      expect(lists).toEqual([]);
      expect(counts.unchanged).toBe(some.packages.length);
    }),
  );
});

const opposites: Readonly<Record<string, string>> = {
  old: 'new',
  from: 'to',
  gained: 'lost',
  added: 'removed',
  upgraded: 'downgraded',
};
const mirrorOf = new Map(Object.entries(opposites).flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));

function losses({ coverage, hardwareIds, neededFiles, setupFolders, programs }: Comparison) {
  return [coverage, hardwareIds, neededFiles, setupFolders, programs];
}

/** Swaps all that has a direction: keys, and the kinds of changes. */
function mirrored(comparison: Comparison): unknown {
  const swap = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(swap);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        mirrorOf.get(key) ?? key,
        key === 'change' ? (mirrorOf.get(inner) ?? inner) : swap(inner),
      ]),
    );
  };
  const { lost, ...others } = comparison;
  const gains = losses(comparison).some(({ gained }) => gained.length > 0);
  return { ...(swap(others) as object), lost: gains };
}
