import { byCodeUnit } from '../../core/order.ts';
import { alignColumns, printable } from '../../core/text.ts';
import type { InspectedPackage } from '../../inspect/inspection-schema.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';

/** Returns a matrix of drivers by Windows version, in the order of targets.yaml, with a letter for each architecture. */
export function driverMatrix(
  packages: readonly Pick<InspectedPackage, 'driver' | 'target'>[],
  targets: readonly Pick<TargetRow, 'os'>[],
): string[] {
  const present = new Set(packages.map(({ target }) => target.os));
  const known = [...new Set(targets.map(({ os }) => os))].filter((os) => present.has(os));
  const columns = [...known, ...[...present].filter((os) => !known.includes(os)).sort(byCodeUnit)];
  const drivers = [...new Set(packages.map(({ driver }) => driver))].sort(byCodeUnit);
  const rows = drivers.map((driver) => [
    printable(driver),
    ...columns.map(
      (os) =>
        archLetters(packages.filter(({ driver: name, target }) => name === driver && target.os === os)) ||
        '.',
    ),
  ]);
  const isUnknown = packages.some(({ target }) => target.os === '?' || target.arch === '?');
  return [
    `Drivers by Windows (x: x86, A: amd64, R: ARM64${isUnknown ? ', ?: unknown' : ''})`,
    ...alignColumns([['driver', ...columns], ...rows], ' '),
  ];
}

/** Returns a letter for each architecture of the packages, such as `xA`. */
export function archLetters(packages: readonly Pick<InspectedPackage, 'target'>[]): string {
  const arches = new Set<string>(packages.map(({ target }) => target.arch));
  return letters.map(([arch, letter]) => (arches.has(arch) ? letter : '')).join('');
}

const letters = [
  ['x86', 'x'],
  ['amd64', 'A'],
  ['ARM64', 'R'],
  ['?', '?'],
] as const;
