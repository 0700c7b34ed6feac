import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareSides } from '../../pipeline/diff/compare.ts';
import { type Comparison, comparisonSchema } from '../../pipeline/diff/comparison-schema.ts';
import type { Side, SidePackage } from '../../pipeline/diff/side.ts';
import { compareDriverVer } from '../../pipeline/diff/version.ts';
import { signatureStates } from '../../pipeline/formats/signature/signature.ts';
import { loadConditions } from '../../pipeline/formats/windows/signing-policy.ts';

const digest = (text: string) => Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64);

function driver(changes: Partial<SidePackage> = {}): SidePackage {
  const inf = changes.inf ?? 'viostor/w11/amd64/viostor.inf';
  const folder = inf.slice(0, inf.lastIndexOf('/'));
  return {
    driver: 'viostor',
    target: { os: 'w11', arch: 'amd64' },
    inf,
    driverVer: '01/02/2026,1.2.3.4',
    hardwareIds: ['PCI\\VEN_1AF4&DEV_1001'],
    compatibleIds: [],
    services: ['viostor'],
    signature: 'whql',
    verdict: { integrity: 'good', uncovered: [], trust: 'whql', signer: 'Microsoft' },
    loads: 'secure-boot',
    files: [
      { path: `${folder}/viostor.inf`, sha256: digest('inf'), size: 10 },
      { path: `${folder}/viostor.cat`, sha256: digest('cat'), size: 20 },
      { path: `${folder}/viostor.sys`, sha256: digest('sys'), size: 30, authenticode: digest('code') },
    ],
    install: {
      services: [{ name: 'viostor', function: true, start: 0, type: 1 }],
      registry: [{ of: 'service viostor', key: 'HKR\\Parameters', name: 'BusType', value: 'dword 10' }],
      files: [{ source: 'viostor.sys', target: '%windir%\\system32\\drivers\\viostor.sys' }],
    },
    ...changes,
  };
}

function side(packages: readonly SidePackage[], more: Partial<Side> = {}): Side {
  const files = packages.flatMap((found) => found.files ?? []);
  return { input: 'x.iso', kind: 'disc', packages, files, problems: [], ...more };
}

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

/** Few names, so that the sides of a run have packages in common. */
const anyFile = fc.record({
  path: fc.constantFrom('a/x.inf', 'a/X.inf', 'a/x.cat', 'b/x.sys', 'c/y.msi', 'C/Y.msi', 'z'),
  sha256: fc.constantFrom(...['1', '2', '3'].map(digest)),
  size: fc.nat(99),
  authenticode: fc.constantFrom(undefined, digest('4')),
});
const anyName = fc.constantFrom('', 'x', 'X', 'y');
const anyIds = fc.array(fc.constantFrom('A', 'a', 'B', 'C'), { maxLength: 3 });
const anyPackage: fc.Arbitrary<SidePackage> = fc.record(
  {
    driver: fc.constantFrom('x', 'X', 'y'),
    target: fc.record({ os: fc.constantFrom('w10', '?'), arch: fc.constantFrom('x86', '?') }),
    inf: fc.constantFrom('a/x.inf', 'b/x.inf', 'b/X.inf', 'y.inf'),
    name: anyName,
    driverVer: fc.constantFrom('01/02/2026,1.0', '01/01/2026,1.1', '1.1', 'x,y'),
    hardwareIds: anyIds,
    compatibleIds: anyIds,
    services: fc.array(anyName, { maxLength: 2 }),
    signature: fc.constantFrom(...signatureStates),
    verdict: fc.record({
      integrity: fc.constantFrom('good' as const, 'none' as const),
      uncovered: fc.array(fc.constantFrom('a/x.sys', 'b/x.sys'), { maxLength: 2 }),
      trust: fc.constantFrom(...signatureStates),
    }),
    loads: fc.constantFrom(...loadConditions),
    files: fc.array(anyFile, { maxLength: 3 }),
    install: fc.record({
      services: fc.array(fc.record({ name: anyName, function: fc.boolean() }), { maxLength: 2 }),
      registry: fc.array(fc.record({ of: anyName, key: anyName, name: anyName }), { maxLength: 2 }),
      files: fc.array(fc.record({ source: anyName, target: anyName }), { maxLength: 2 }),
    }),
  },
  { requiredKeys: ['driver', 'target', 'inf', 'signature', 'verdict'] },
);
/** A folder has each path once. */
const anySide: fc.Arbitrary<Side> = fc
  .record({
    packages: fc.uniqueArray(anyPackage, {
      maxLength: 5,
      selector: ({ target, inf }) => [inf, target.os, target.arch].join(),
    }),
    files: fc.uniqueArray(anyFile, { maxLength: 5, selector: ({ path }) => path }),
  })
  .map((some) => ({ ...side([]), ...some }));

test('swapping OLD and NEW mirrors the result', () => {
  fc.assert(
    fc.property(anySide, anySide, (old, now) => {
      expect(compareSides(now, old)).toEqual(mirrored(compareSides(old, now)));
    }),
  );
});

test('a side has no differences from itself', () => {
  fc.assert(
    fc.property(anySide, (some) => {
      const comparison = compareSides(some, some);
      expect(comparison).toMatchObject({ identical: true, lost: false, packages: [], files: [] });
      const { coverage, hardwareIds, programs, counts } = comparison;
      const lists = [coverage, hardwareIds, programs].flatMap(({ gained, lost }) => [...gained, ...lost]);
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
  const { coverage, hardwareIds, programs } = comparison;
  const gains = [coverage, hardwareIds, programs].some(({ gained }) => gained.length > 0);
  return { ...(swap(others) as object), lost: gains };
}
