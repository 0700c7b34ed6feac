import type { Release } from '../manifest/release-schema.ts';
import type { Claim } from './claims.ts';
import { targetPath } from './folders.ts';

/** Tells whether a claim's driver and target go on the disc: the release's `select` and the driver's own `without` say so. */
export function isSelected(release: Release, { driver, target }: Pick<Claim, 'driver' | 'target'>): boolean {
  if (driver.without.some((left) => left.target === targetPath(target))) return false;
  const { drivers, os, arch } = release.select;
  return allows(drivers, driver.name) && allows(os, target.os) && allows(arch, target.arch);
}

function allows<Item>(selection: { include: Item[] } | { exclude: Item[] } | undefined, item: Item): boolean {
  if (selection === undefined) return true;
  return 'include' in selection ? selection.include.includes(item) : !selection.exclude.includes(item);
}
