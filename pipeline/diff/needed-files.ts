import { byCodeUnit } from '../core/order.ts';
import type { Comparison, NeededFiles } from './comparison-schema.ts';
import { type FilesOf, insideInfFolder } from './package-change.ts';
import type { Pair } from './pair.ts';
import type { SidePackage } from './side.ts';

/** Returns the files that INFs name and that one side alone lacks, without catalogs, whose absence is one of the signature. */
export function neededFileChanges(
  pairs: readonly Pair[],
  [oldFiles, newFiles]: readonly [FilesOf, FilesOf],
): Comparison['neededFiles'] {
  const both = pairs.flatMap(({ from, to }) => (from && to ? [{ from, to }] : []));
  return {
    gained: sorted(both.flatMap(({ from, to }) => lackingOnly(from, to, newFiles))),
    lost: sorted(both.flatMap(({ from, to }) => lackingOnly(to, from, oldFiles))),
  };
}

/** Returns what a package lacks and the other one does not. */
function lackingOnly(found: SidePackage, other: SidePackage, filesOf: FilesOf): NeededFiles[] {
  const present = new Set(filesOf(other).map(({ path }) => insideInfFolder(other, path).toLowerCase()));
  const missing = new Set(other.missing?.map((name) => name.toLowerCase()));
  // A record does not say what is missing: only what it has is known not to be.
  const isLost = (name: string) => (other.missing === undefined ? present.has(name) : !missing.has(name));
  const files = (found.missing ?? []).filter((name) => !/\.cat$/i.test(name) && isLost(name.toLowerCase()));
  if (files.length === 0) return [];
  const [driver = ''] = [found.driver, other.driver].sort(byCodeUnit);
  const { os, arch } = found.target;
  return [{ driver, target: `${os}/${arch}`, files: [...new Set(files)].sort(byCodeUnit) }];
}

function sorted(changes: readonly NeededFiles[]): NeededFiles[] {
  const keyOf = ({ driver, target, files }: NeededFiles) => [driver, target, ...files].join('\0');
  return changes.toSorted((a, b) => byCodeUnit(keyOf(a), keyOf(b)));
}
