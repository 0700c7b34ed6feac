import { groupBy } from '../core/group-by.ts';
import { folderOf, nameOf } from '../core/paths.ts';
import {
  type ComparedSide,
  type Comparison,
  type PackageChange,
  packageChanges,
} from './comparison-schema.ts';
import { coverageChanges, servedIdChanges } from './coverage.ts';
import { neededFileChanges } from './needed-files.ts';
import { otherFileChanges, outsideFiles, placeFiles } from './other-files.ts';
import { type FilesOf, knowsIds, packageChange } from './package-change.ts';
import { pairPackages } from './pair.ts';
import { setupFolderChanges } from './setup-folders.ts';
import type { Side, SideFile } from './side.ts';

/** Compares two sides; swapping them mirrors the result, and a side has no differences from itself. */
export function compareSides(old: Side, now: Side): Comparison {
  const pairs = pairPackages(old.packages, now.packages);
  const filesOf = packageFiles(old, now);
  const [oldFilesOf, newFilesOf] = filesOf;
  const packages = pairs.flatMap((pair) => packageChange(pair, filesOf) ?? []);
  const olds = placeFiles(
    old,
    pairs.map(({ from, to }) => ({ here: from, there: to })),
    oldFilesOf,
  );
  const news = placeFiles(
    now,
    pairs.map(({ from, to }) => ({ here: to, there: from })),
    newFilesOf,
  );
  const files = otherFileChanges(olds, news);
  const changes = {
    coverage: coverageChanges(pairs),
    hardwareIds: servedIdChanges(old.packages, now.packages),
    neededFiles: neededFileChanges(pairs, filesOf),
    setupFolders: setupFolderChanges(pairs, [
      { side: old, files: olds, filesOf: oldFilesOf },
      { side: now, files: news, filesOf: newFilesOf },
    ]),
    programs: {
      gained: missingPrograms(outsideFiles(news), old.files),
      lost: missingPrograms(outsideFiles(olds), now.files),
    },
  };
  const gained = Object.values(changes).some((change) => change.gained.length > 0);
  const lost = Object.values(changes).some((change) => change.lost.length > 0);
  const all = [...old.packages, ...now.packages];
  return {
    schemaVersion: 1,
    old: comparedSide(old),
    new: comparedSide(now),
    identical: packages.length === 0 && files.length === 0 && !gained && !lost,
    lost,
    counts: countsOf(packages, pairs.length),
    ...changes,
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

/** Returns the installers whose name no file has on the other side, in any folder. */
function missingPrograms(files: readonly SideFile[], others: readonly SideFile[]): string[] {
  const names = new Set(others.map(({ path }) => nameOf(path).toLowerCase()));
  return files
    .filter(({ path }) => /\.(?:msi|exe)$/i.test(path) && !names.has(nameOf(path).toLowerCase()))
    .map(({ path }) => path);
}
