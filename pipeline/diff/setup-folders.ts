import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import { folderOf, nameOf } from '../core/paths.ts';
import { archNames } from '../formats/windows/targets.ts';
import { bootFolderOf, infoPath, isInSetupFolder } from '../model/disc-layout.ts';
import { filesByPath } from './changes.ts';
import type { Comparison, SetupFolder } from './comparison-schema.ts';
import type { PlacedFiles } from './other-files.ts';
import { type FilesOf, insideInfFolder } from './package-change.ts';
import type { Pair } from './pair.ts';
import type { Side, SidePackage } from './side.ts';

interface KnownSide {
  readonly side: Pick<Side, 'kind'>;
  readonly files: PlacedFiles;
  readonly filesOf: FilesOf;
}

/**
 * Returns the folders for Windows Setup that hold a driver on one side only: those by architecture, which people and answer files name,
 * those from which Setup loads by itself, and a driver's own folder of which only such a copy remains. Compares discs only; drivers
 * without a disc, as in a package of drivers, have no such folders.
 */
export function setupFolderChanges(
  pairs: readonly Pair[],
  [old, now]: readonly [KnownSide, KnownSide],
): Comparison['setupFolders'] {
  const places = setupPlaces(pairs, [old, now]);
  const [olds, news] = [wholeFolders(places, old.files), wholeFolders(places, now.files)];
  if (!isDisc(old, olds) || !isDisc(now, news)) return { gained: [], lost: [] };
  return { gained: without(news, olds), lost: without(olds, news) };
}

type Folders = ReadonlyMap<string, SetupFolder>;

function isDisc({ side: { kind }, files }: KnownSide, { size }: Folders): boolean {
  return size > 0 || ['disc', 'release', 'record'].includes(kind) || files.byPath.has(infoPath);
}

function without(folders: Folders, others: Folders): SetupFolder[] {
  return [...folders]
    .filter(([key]) => !others.has(key))
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([, folder]) => folder);
}

/** A folder that is for a package of one of the sides. */
interface SetupPlace extends SetupFolder {
  /** What the package has at which paths (in lower case), of those that any side has there. */
  readonly contents: readonly (readonly [key: string, sha256: string])[];
}

/** Returns the folders that hold a whole package, of either side: a folder can keep the version before. */
function wholeFolders(places: readonly SetupPlace[], { byPath }: PlacedFiles): Folders {
  const held = places.filter(({ contents }) =>
    contents.every(([key, sha256]) => byPath.get(key)?.sha256 === sha256),
  );
  return new Map(
    held.map(({ driver, folder }) => [`${driver}\0${folder}`.toLowerCase(), { driver, folder }] as const),
  );
}

function setupPlaces(pairs: readonly Pair[], sides: readonly [KnownSide, KnownSide]): SetupPlace[] {
  const [old, now] = sides;
  const all = filesByPath([...old.files.byPath.values(), ...now.files.byPath.values()]);
  const infs = [...all.values()].filter(({ path }) => isInSetupFolder(path) && /\.inf$/i.test(path));
  const loaded = groupBy(infs, ({ path }) => nameOf(path).toLowerCase());
  return pairs.flatMap(({ from, to }): SetupPlace[] => {
    if (from === undefined || to === undefined) return [];
    const [driver = ''] = [from.driver, to.driver].sort(byCodeUnit);
    const folders = [
      ...bootFoldersOf(from),
      ...(loaded.get(nameOf(from.inf).toLowerCase()) ?? []).map(({ path }) => folderOf(path)),
      ...(isCopyLeft({ from, to }, sides) ? [from, to].map(({ inf }) => folderOf(inf)) : []),
    ];
    return folders.flatMap((folder) => {
      const inFolder = (found: SidePackage, { filesOf }: KnownSide) =>
        filesOf(found)
          .map(
            ({ path, sha256 }) =>
              [`${folder}/${insideInfFolder(found, path)}`.toLowerCase(), sha256] as const,
          )
          .filter(([key]) => all.has(key));
      return [inFolder(from, old), inFolder(to, now)]
        .filter((contents) => contents.some(([key]) => key.endsWith('.inf')))
        .map((contents) => ({ driver, folder, contents }));
    });
  });
}

/** Whether a package is in two folders on one side, and in one of them on the other. */
function isCopyLeft({ from, to }: Required<Pair>, [old, now]: readonly [KnownSide, KnownSide]): boolean {
  const isCopy = ({ inf }: SidePackage, { byPath, own }: PlacedFiles) =>
    byPath.has(inf.toLowerCase()) && !own.has(inf.toLowerCase());
  return (
    from.inf.toLowerCase() !== to.inf.toLowerCase() && (isCopy(to, old.files) || isCopy(from, now.files))
  );
}

function bootFoldersOf({ target: { os, arch } }: SidePackage): string[] {
  return archNames.filter((name) => name === arch).map((name) => bootFolderOf({ os, arch: name }));
}
