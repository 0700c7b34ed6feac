import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import { folderOf, nameOf } from '../core/paths.ts';
import { fileChanges } from './changes.ts';
import {
  type ComparedSide,
  type Comparison,
  type FileChange,
  type PackageChange,
  packageChanges,
} from './comparison-schema.ts';
import { coverageChanges, servedIdChanges } from './coverage.ts';
import { type FilesOf, knowsIds, packageChange } from './package-change.ts';
import { pairPackages } from './pair.ts';
import type { Side, SideFile } from './side.ts';

/** Compares two sides; swapping them mirrors the result, and a side has no differences from itself. */
export function compareSides(old: Side, now: Side): Comparison {
  const pairs = pairPackages(old.packages, now.packages);
  const filesOf = packageFiles(old, now);
  const packages = pairs.flatMap((pair) => packageChange(pair, filesOf) ?? []);
  const coverage = coverageChanges(pairs);
  const hardwareIds = servedIdChanges(old.packages, now.packages);
  const [olds, news] = [otherFiles(old, filesOf[0]), otherFiles(now, filesOf[1])];
  const files = changedFiles(olds, news, old.files, now.files);
  const programs = { gained: missingPrograms(news, old.files), lost: missingPrograms(olds, now.files) };
  const all = [...old.packages, ...now.packages];
  return {
    schemaVersion: 1,
    old: comparedSide(old),
    new: comparedSide(now),
    identical: packages.length === 0 && files.length === 0,
    lost: [coverage, hardwareIds, programs].some(({ lost }) => lost.length > 0),
    counts: countsOf(packages, pairs.length),
    coverage,
    hardwareIds,
    programs,
    packages,
    files,
    notCompared: [
      ...(all.every(({ install }) => install !== undefined) ? [] : (['install'] as const)),
      ...(all.every(knowsIds) ? [] : (['hardware-ids'] as const)),
    ],
  };
}

function comparedSide({ packages, files, ...side }: Side): ComparedSide {
  const contents = new Map(files.map(({ sha256, size }) => [sha256, size]));
  const bytes = [...contents.values()].reduce((sum, size) => sum + size, 0);
  return { ...side, packages: packages.length, files: files.length, bytes };
}

function countsOf(packages: readonly PackageChange[], pairs: number): Comparison['counts'] {
  const count = (name: PackageChange['change']) => packages.filter(({ change }) => change === name).length;
  const counts = packageChanges.map((name) => [name, count(name)] as const);
  return {
    ...(Object.fromEntries(counts) as Record<PackageChange['change'], number>),
    unchanged: pairs - packages.length,
  };
}

/** Where a side does not know which files an INF names, as in a record, all files in the folder of the INF count, on both sides. */
function packageFiles(old: Side, now: Side): [FilesOf, FilesOf] {
  const isKnown = [...old.packages, ...now.packages].every(({ files }) => files !== undefined);
  if (isKnown) return [({ files = [] }) => files, ({ files = [] }) => files];
  const inFolder = (side: Side): FilesOf => {
    const folders = groupBy(side.files, ({ path }) => folderOf(path));
    return ({ inf }) => folders.get(folderOf(inf)) ?? [];
  };
  return [inFolder(old), inFolder(now)];
}

/** Returns the files that belong to no package, without further copies of what does, such as the boot drivers by architecture. */
function otherFiles({ packages, files }: Side, filesOf: FilesOf): SideFile[] {
  const own = packages.flatMap(filesOf);
  const known = new Set(own.flatMap(({ path, sha256 }) => [path, sha256]));
  return files
    .filter(({ path, sha256 }) => !known.has(path) && !known.has(sha256))
    .sort((a, b) => byCodeUnit(a.path, b.path));
}

/** Leaves out files that the other side has at another path. */
function changedFiles(
  olds: readonly SideFile[],
  news: readonly SideFile[],
  allOld: readonly SideFile[],
  allNew: readonly SideFile[],
): FileChange[] {
  const [before, after] = [allOld, allNew].map((files) => new Set(files.map(({ sha256 }) => sha256)));
  return fileChanges(olds, news).filter(
    ({ from, to }) =>
      (from !== undefined && to !== undefined) ||
      !(from === undefined ? before?.has(to?.sha256 ?? '') : after?.has(from.sha256)),
  );
}

/** Returns the installers whose name no file has on the other side, in any folder. */
function missingPrograms(files: readonly SideFile[], others: readonly SideFile[]): string[] {
  const names = new Set(others.map(({ path }) => nameOf(path).toLowerCase()));
  return files
    .filter(({ path }) => /\.(?:msi|exe)$/i.test(path) && !names.has(nameOf(path).toLowerCase()))
    .map(({ path }) => path);
}
