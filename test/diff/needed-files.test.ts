import { expect, test } from 'vitest';
import { compareSides } from '../../pipeline/diff/compare.ts';
import type { SidePackage } from '../../pipeline/diff/side.ts';
import { driver, side } from '../builders/sides.ts';

const files = driver().files ?? [];

/** Returns the driver without some of its files, which its INF names. */
function lacking(...endings: string[]): SidePackage {
  const missing = endings.map((ending) => `viostor.${ending}`);
  return driver({
    missing: missing.map((name) => name.toUpperCase()),
    files: files.filter(({ path }) => !missing.some((name) => path.endsWith(name))),
  });
}

function compared(old: SidePackage, now: SidePackage) {
  const { neededFiles, lost } = compareSides(side([old]), side([now]));
  return { ...neededFiles, exits: lost };
}

const whole = driver({ missing: [] });
const needed = { driver: 'viostor', target: 'w11/amd64', files: ['VIOSTOR.SYS'] };

test('a driver whose INF names a file that is gone is lost, and gained with that file', () => {
  expect(compared(whole, lacking('sys'))).toEqual({ lost: [needed], gained: [], exits: true });
  expect(compared(lacking('sys'), whole)).toEqual({ lost: [], gained: [needed], exits: false });
  expect(compared(lacking('sys'), lacking('sys'))).toEqual({ lost: [], gained: [], exits: false });
});

test('a catalog counts by the signature alone', () => {
  expect(compared(whole, lacking('cat'))).toEqual({ lost: [], gained: [], exits: false });
});

test('a record has what lies beside the INF', () => {
  const { missing, install, files: named, ...recorded } = whole;
  const now = side([lacking('sys')]);
  const record = side([recorded], { files });
  expect(compareSides(record, now)).toMatchObject({ lost: true, neededFiles: { lost: [needed] } });
  const without = side([recorded], { files: now.files });
  expect(compareSides(without, now)).toMatchObject({ lost: false, neededFiles: { lost: [] } });
});
