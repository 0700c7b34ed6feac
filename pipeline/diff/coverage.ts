import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import { type LoadCondition, stricterCondition } from '../formats/windows/signing-policy.ts';
import { idChanges, upperId } from './changes.ts';
import type { Comparison, CoverageChange, ServedId } from './comparison-schema.ts';
import { idsOf, knowsIds } from './package-change.ts';
import type { Pair } from './pair.ts';
import type { SidePackage } from './side.ts';

/** Returns the drivers that a Windows has on one side only, or that it loads under stricter conditions on one side. */
export function coverageChanges(pairs: readonly Pair[]): Comparison['coverage'] {
  const changes = [...groupBy(pairs, placeOf).values()].flatMap((group): CoverageChange[] => {
    const [olds, news] = [group.flatMap(({ from }) => from ?? []), group.flatMap(({ to }) => to ?? [])];
    const [some] = [...olds, ...news];
    if (some === undefined) return [];
    const [driver = some.driver] = [...olds, ...news].map((found) => found.driver).sort(byCodeUnit);
    const place = { driver, target: targetOf(some) };
    if (olds.length === 0) return [{ ...place, to: strictest(news) }];
    if (news.length === 0) return [{ ...place, from: strictest(olds) }];
    return group.flatMap(({ from, to }) => {
      const [before, after] = [from?.loads, to?.loads];
      if (before === undefined || after === undefined || before === after) return [];
      return [{ ...place, from: before, to: after }];
    });
  });
  const once = new Map(changes.map((change) => [JSON.stringify(change), change]));
  const sorted = [...once.values()].sort((a, b) => byCodeUnit(sortKey(a), sortKey(b)));
  return { gained: sorted.filter((change) => !isLoss(change)), lost: sorted.filter(isLoss) };
}

function placeOf({ from, to }: Pair): string {
  const some = from ?? to;
  return some === undefined ? '' : `${some.driver.toLowerCase()}\0${targetOf(some)}`;
}

function targetOf({ target: { os, arch } }: SidePackage): string {
  return `${os}/${arch}`;
}

function strictest(packages: readonly SidePackage[]): LoadCondition | 'unknown' {
  const known = packages.flatMap(({ loads }) => loads ?? []);
  return known.length === 0 ? 'unknown' : known.reduce(stricterCondition);
}

function isLoss({ from, to }: CoverageChange): boolean {
  if (to === undefined) return true;
  if (from === undefined || from === 'unknown' || to === 'unknown') return false;
  return stricterCondition(from, to) === to;
}

/** Does not depend on which side is OLD. */
function sortKey({ driver, target, from, to }: CoverageChange): string {
  return [driver, target, ...[from ?? '', to ?? ''].sort(byCodeUnit)].join('\0');
}

/** Returns the IDs that a Windows has a driver for on one side only, without those whose drivers it has on that side only. */
export function servedIdChanges(
  old: readonly SidePackage[],
  now: readonly SidePackage[],
): Comparison['hardwareIds'] {
  if (![...old, ...now].every(knowsIds)) return { gained: [], lost: [] };
  const [before, after] = [groupBy(old, targetOf), groupBy(now, targetOf)];
  const changes = [...new Set([...before.keys(), ...after.keys()])].map((target) => {
    const [olds, news] = [before.get(target) ?? [], after.get(target) ?? []];
    const { gained, lost } = idChanges(olds.flatMap(idsOf), news.flatMap(idsOf));
    return {
      gained: offers({ target, ids: gained, by: news, besides: olds }),
      lost: offers({ target, ids: lost, by: olds, besides: news }),
    };
  });
  return {
    gained: groupTargets(changes.flatMap(({ gained }) => gained)),
    lost: groupTargets(changes.flatMap(({ lost }) => lost)),
  };
}

interface Offers {
  readonly target: string;
  readonly ids: readonly string[];
  readonly by: readonly SidePackage[];
  readonly besides: readonly SidePackage[];
}

function offers({ target, ids, by, besides }: Offers): ServedId[] {
  const wanted = new Set(ids);
  const kept = new Set(besides.map(({ driver }) => driver.toLowerCase()));
  const drivers = new Map<string, Set<string>>();
  for (const found of by.filter(({ driver }) => kept.has(driver.toLowerCase())))
    for (const id of idsOf(found).map(upperId))
      if (wanted.has(id)) drivers.set(id, (drivers.get(id) ?? new Set()).add(found.driver));
  return [...drivers].map(([id, names]) => ({ id, drivers: [...names].sort(byCodeUnit), targets: [target] }));
}

function groupTargets(served: readonly ServedId[]): ServedId[] {
  const groups = groupBy(served, ({ id, drivers }) => [id, ...drivers].join('\0'));
  return [...groups]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .flatMap(([, [first, ...others]]) =>
      first === undefined
        ? []
        : [
            {
              ...first,
              targets: [first, ...others].flatMap(({ targets }) => targets).sort(byCodeUnit),
            },
          ],
    );
}
