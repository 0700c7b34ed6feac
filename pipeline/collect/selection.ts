import type { Release } from '../manifest/release-schema.ts';
import type { Claim } from './claims.ts';

/** Tells whether a release's `select` lets a claim's driver and target onto the disc. */
export function isSelected(release: Release, { driver, target }: Claim): boolean {
  const { drivers, os, arch } = release.select;
  return allows(drivers, driver.name) && allows(os, target.os) && allows(arch, target.arch);
}

function allows<Item>(selection: { include: Item[] } | { exclude: Item[] } | undefined, item: Item): boolean {
  if (selection === undefined) return true;
  return 'include' in selection ? selection.include.includes(item) : !selection.exclude.includes(item);
}
