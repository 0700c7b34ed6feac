import satisfies from 'semver/functions/satisfies.js';
import type { DriverEntry } from '../manifest/manifest.ts';
import type { Release } from '../manifest/release-schema.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { targetPath } from './target.ts';

/** Tells whether a claim's driver and target go on the disc: the release's `select` and the driver's own `without` say so. */
export function isSelected(
  release: Release,
  { driver, target }: { driver: DriverEntry; target: TargetRow },
): boolean {
  if (driver.without.some((left) => left.target === targetPath(target))) return false;
  const { drivers, os, arch } = release.select;
  return allows(drivers, driver.name) && allows(os, target.os) && allows(arch, target.arch);
}

/** Tells whether a driver is built for a target, as its file in the manifest says; one with folders of its own is for the targets of these. */
export function isBuiltFor({ folders, windows, arch }: DriverEntry, row: TargetRow): boolean {
  if (folders !== undefined) return Object.values(folders).flat().includes(targetPath(row));
  return satisfies(row.version, windows ?? '*') && (arch?.includes(row.arch) ?? true);
}

/** Tells whether a choice of a release leaves an item; one that is absent leaves all. */
export function allows<Item>(
  selection: { include: Item[] } | { exclude: Item[] } | undefined,
  item: Item,
): boolean {
  if (selection === undefined) return true;
  return 'include' in selection ? selection.include.includes(item) : !selection.exclude.includes(item);
}
