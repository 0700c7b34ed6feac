import { groupBy } from '../../../core/group-by.ts';
import { byCodeUnit } from '../../../core/order.ts';
import type { TargetRow } from '../../../manifest/targets-schema.ts';
import { targetPath, unknown } from '../../../model/target.ts';

/** Returns `Windows 10 (x86, amd64), Windows 11 (amd64)` for targets such as `w10/x86`, in the order of targets.yaml. */
export function windowsNames(targets: readonly string[], rows: readonly TargetRow[]): string {
  const known = new Map(
    rows.map((row, rank) => [targetPath(row), { name: row.windows, arch: row.arch, rank }]),
  );
  const found = targets
    .map((target) => {
      const [os = '', arch = ''] = target.split('/');
      const name = os === unknown ? 'an unknown Windows' : os;
      return known.get(target) ?? { name, arch, rank: rows.length };
    })
    .sort((a, b) => a.rank - b.rank || byCodeUnit(a.name, b.name) || byCodeUnit(a.arch, b.arch));
  return [...groupBy(found, ({ name }) => name)]
    .map(([name, same]) => `${name} (${[...new Set(same.map(({ arch }) => arch))].join(', ')})`)
    .join(', ');
}

/** Compares by driver, then by target in the order of targets.yaml. */
export function byRow(rows: readonly TargetRow[]) {
  const ranks = new Map(rows.map((row, rank) => [targetPath(row), rank]));
  const rankOf = (target: string) => ranks.get(target) ?? rows.length;
  return (a: Placed, b: Placed): number =>
    byCodeUnit(a.driver.toLowerCase(), b.driver.toLowerCase()) || rankOf(a.target) - rankOf(b.target);
}

interface Placed {
  readonly driver: string;
  readonly target: string;
}
