import { expect, test } from 'vitest';
import { difference } from '../../../../pipeline/cli/report/diff/difference.ts';
import { compareSides } from '../../../../pipeline/diff/compare.ts';
import type { Side, SidePackage } from '../../../../pipeline/diff/side.ts';
import { targets } from '../../../builders/disc-for-windows.ts';
import { digest, driver, side } from '../../../builders/sides.ts';

function shown(old: Side, now: Side) {
  return difference(compareSides(old, now), targets);
}

const w10 = (inf: string): SidePackage => driver({ target: { os: 'w10', arch: 'amd64' }, inf });

test('a sentence of no differences counts the files of both sides', () => {
  const one = side([driver(), w10('viostor/w11/amd64/viostor.inf')], { files: driver().files ?? [] });
  const two = side([driver(), w10('viostor/w10/amd64/viostor.inf')]);
  expect(shown(one, one).verdict).toBe('No differences: 2 driver packages and 3 files are the same.');
  expect(shown(one, two).verdict).toBe(
    'No differences: 2 driver packages are the same, in 3 files and in 6 files.',
  );
});

test('what is lost for Windows Setup and for the installation takes a line for all folders and Windows', () => {
  const packages = [driver(), w10('viostor/w10/amd64/viostor.inf')];
  const copies = packages.flatMap(({ files = [] }) =>
    files.map((file) => ({ ...file, path: file.path.replace(/^viostor\/(\w+)\/amd64/, 'amd64/$1') })),
  );
  const old = side(packages, { files: [...side(packages).files, ...copies] });
  const broken = packages.map((found) => ({ ...found, missing: ['viostor.sys', 'other.dll'] }));
  const whole = packages.map((found) => ({ ...found, missing: [] }));
  expect(shown({ ...old, packages: whole }, side(broken)).lost).toEqual([
    'files without which viostor does not install on Windows 10 (amd64), Windows 11 (amd64): other.dll, viostor.sys',
    'folders for Windows Setup with viostor: amd64/w10, amd64/w11',
  ]);
});

test('a very long text of an INF is cut', () => {
  const long = 'x'.repeat(4000);
  const now = driver({
    name: long,
    driverVer: `01/02/2026,1.${long}`,
    hardwareIds: [`PCI\\${long}`],
    services: [long],
    install: { services: [], registry: [{ of: 'driver', key: long, name: long, value: long }], files: [] },
    files: [{ path: `viostor/w11/amd64/${long}.sys`, sha256: digest('x'), size: 1 }],
  });
  const found = shown(side([driver()]), side([now], { input: long }));
  const lines = JSON.stringify(found, undefined, 1).split('\n');
  expect(found.groups).toHaveLength(1);
  expect(lines.filter((line) => line.includes('…')).length).toBeGreaterThan(6);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(2100);
});
