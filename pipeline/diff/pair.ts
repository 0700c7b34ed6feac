import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import { nameOf } from '../core/paths.ts';
import type { SidePackage } from './side.ts';

/** Packages that belong together; one of them is absent for what only one side has. */
export interface Pair {
  readonly from?: SidePackage;
  readonly to?: SidePackage;
}

/**
 * Pairs the packages of two sides with the same driver, target and INF name. Of several, those with the same path belong together, then
 * those with the same DriverVer, then the others in the order of their paths. Swapping the sides gives the same pairs.
 */
export function pairPackages(old: readonly SidePackage[], now: readonly SidePackage[]): Pair[] {
  const olds = groupBy(old, keyOf);
  const news = groupBy(now, keyOf);
  const keys = [...new Set([...olds.keys(), ...news.keys()])].sort(byCodeUnit);
  return keys.flatMap((key) => pairGroup(olds.get(key) ?? [], news.get(key) ?? []));
}

function keyOf({ driver, target, inf }: SidePackage): string {
  return [driver, target.os, target.arch, nameOf(inf)].join('\0').toLowerCase();
}

/** What packages of one group have in common, the strongest first. */
const bonds: readonly ((found: SidePackage) => string)[] = [
  ({ inf }) => inf,
  ({ driverVer = '' }) => driverVer,
  () => '',
];

function pairGroup(old: readonly SidePackage[], now: readonly SidePackage[]): Pair[] {
  const pairs: Pair[] = [];
  let olds = old.toSorted(byPath);
  let news = now.toSorted(byPath);
  for (const bond of bonds) {
    const candidates = groupBy(news, bond);
    const bound = olds.flatMap((from) => {
      const to = candidates.get(bond(from))?.shift();
      return to === undefined ? [] : [{ from, to }];
    });
    pairs.push(...bound);
    const paired = new Set<SidePackage>(bound.flatMap(({ from, to }) => [from, to]));
    olds = olds.filter((found) => !paired.has(found));
    news = news.filter((found) => !paired.has(found));
  }
  const alone = [...olds.map((from) => ({ from })), ...news.map((to) => ({ to }))];
  return [...pairs, ...alone].sort((a, b) => byCodeUnit(pathsOf(a), pathsOf(b)));
}

function byPath(a: SidePackage, b: SidePackage): number {
  return byCodeUnit(a.inf, b.inf);
}

/** Returns a text that does not depend on which side has which path. */
function pathsOf({ from, to }: Pair): string {
  return [from?.inf ?? '', to?.inf ?? ''].sort(byCodeUnit).join('\0');
}
