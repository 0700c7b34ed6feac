import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import { fileChanges, filesByPath } from './changes.ts';
import type { FileChange } from './comparison-schema.ts';
import { type FilesOf, insideInfFolder } from './package-change.ts';
import type { Side, SideFile, SidePackage } from './side.ts';

/** The files of a side, and what they are to its packages. Keys are paths in lower case. */
export interface PlacedFiles {
  readonly byPath: ReadonlyMap<string, SideFile>;
  /** Of the files that belong to a package where they are. */
  readonly own: ReadonlySet<string>;
  /** By content (sha256): the files of packages that have it, each with the number of its pair of packages. */
  readonly uses: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A pair of packages as one side sees it. */
interface SeenPair {
  readonly here: SidePackage | undefined;
  readonly there: SidePackage | undefined;
}

export function placeFiles({ files }: Side, pairs: readonly SeenPair[], filesOf: FilesOf): PlacedFiles {
  const byPath = filesByPath(files);
  const uses = new Map<string, Set<string>>();
  for (const [index, { here }] of pairs.entries()) {
    if (here === undefined) continue;
    for (const { path, sha256 } of filesOf(here)) {
      const use = `${index}\0${insideInfFolder(here, path).toLowerCase()}`;
      uses.set(sha256, (uses.get(sha256) ?? new Set()).add(use));
    }
  }
  const all = ownPaths(pairs, filesOf);
  // A package that the other side has where this side has a copy of it: what is gone is its own folder, which did not move there.
  const isBesideCopy = ({ there }: SeenPair) => {
    const key = there?.inf.toLowerCase() ?? '';
    return byPath.has(key) && !all.has(key);
  };
  const placed = pairs.filter((pair) => !isBesideCopy(pair));
  return { byPath, own: placed.length === pairs.length ? all : ownPaths(placed, filesOf), uses };
}

function ownPaths(pairs: readonly SeenPair[], filesOf: FilesOf): Set<string> {
  const own = pairs.flatMap(({ here }) => (here === undefined ? [] : filesOf(here)));
  return new Set(own.map(({ path }) => path.toLowerCase()));
}

/** Returns the files that belong to no package and have the content of none, sorted by path. */
export function outsideFiles({ byPath, own, uses }: PlacedFiles): SideFile[] {
  return [...byPath]
    .filter(([key, { sha256 }]) => !own.has(key) && !uses.has(sha256))
    .map(([, file]) => file)
    .sort((a, b) => byCodeUnit(a.path, b.path));
}

/**
 * Compares the files that belong to no package, among them further copies of what does, such as the boot drivers by architecture.
 * Leaves out copies that changed as their package did, and other files that the other side has at another path.
 */
export function otherFileChanges(old: PlacedFiles, now: PlacedFiles): FileChange[] {
  const kept = [...old.byPath].flatMap(([key, from]) => {
    const to = now.byPath.get(key);
    if (to === undefined || (old.own.has(key) && now.own.has(key))) return [];
    const uses = now.uses.get(to.sha256);
    const follows = [...(old.uses.get(from.sha256) ?? [])].some((use) => uses?.has(use));
    return follows ? [] : [{ from, to }];
  });
  return fileChanges(
    [...kept.map(({ from }) => from), ...goneFiles(old, now)],
    [...kept.map(({ to }) => to), ...goneFiles(now, old)],
  );
}

/** Returns the files whose path the other side lacks. A copy counts even if its content remains; any other file may have moved. */
function goneFiles(here: PlacedFiles, there: PlacedFiles): SideFile[] {
  const gone = onlyIn(here, there).filter(([key]) => !here.own.has(key));
  const isCopy = ([key, { sha256 }]: readonly [string, SideFile], { own, uses }: PlacedFiles) =>
    !own.has(key) && uses.has(sha256);
  const others = gone.filter((entry) => !isCopy(entry, here)).map(([, file]) => file);
  const newPlaces = groupBy(
    onlyIn(there, here)
      .filter((entry) => !isCopy(entry, there))
      .map(([, file]) => file),
    ({ sha256 }) => sha256,
  );
  const sorted = others.sort((a, b) => byCodeUnit(a.path, b.path));
  return [
    ...gone.filter((entry) => isCopy(entry, here)).map(([, file]) => file),
    ...[...groupBy(sorted, ({ sha256 }) => sha256)].flatMap(([content, same]) =>
      same.slice(newPlaces.get(content)?.length ?? 0),
    ),
  ];
}

function onlyIn({ byPath }: PlacedFiles, others: PlacedFiles): (readonly [string, SideFile])[] {
  return [...byPath].filter(([key]) => !others.byPath.has(key));
}
