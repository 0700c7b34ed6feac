import { groupBy } from '../../core/group-by.ts';
import { byCodeUnit } from '../../core/order.ts';
import { folderOf, nameOf } from '../../core/paths.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { DiscFile, DriverPackage, DriverTree } from '../../model/driver-tree.ts';
import { targetPath } from '../../model/target.ts';

/** A driver package in a folder of its own, as Microsoft wants it; packages of the same files are sent once. */
export interface PlannedFolder {
  readonly folder: string;
  /** Folders of the disc that hold the package. */
  readonly paths: readonly string[];
  /** The files by their names in the folder. */
  readonly files: ReadonlyMap<string, DiscFile>;
}

/** The cabinet of an architecture: all folders of a cabinet must serve the same architectures. */
export interface PlannedCabinet {
  readonly arch: string;
  readonly folders: readonly PlannedFolder[];
}

/** What is sent, and what is not. */
export interface SubmissionPlan {
  readonly cabinets: readonly PlannedCabinet[];
  /** INFs of packages for Windows before 10, which attestation does not serve. */
  readonly tooOld: readonly string[];
  /** INFs of packages without a catalog. */
  readonly withoutCatalog: readonly string[];
  /** Drivers (`.sys`) without debug symbols. */
  readonly withoutSymbols: readonly string[];
}

/** Microsoft, "Driver package and CAB file": under 40 characters, none that is special. */
const longestFolder = 39;

/** Plans the cabinets of a collected release. */
export function planSubmission(
  { targets }: Pick<Manifest, 'targets'>,
  tree: Pick<DriverTree, 'files' | 'symbols' | 'packages'>,
): SubmissionPlan {
  const served = new Set(targets.filter(({ version }) => version.startsWith('10.')).map(targetPath));
  const isServed = ({ target }: DriverPackage) => served.has(targetPath(target));
  const packages = tree.packages.filter(isServed);
  const byPath = new Map([...tree.symbols, ...tree.files].map((file) => [file.path.toLowerCase(), file]));
  const withoutCatalog = packages.filter(({ catalogPath }) => catalogPath === undefined);
  const cabinets = [...groupBy(packages, ({ target }) => target.arch)]
    .sort(([one], [other]) => byCodeUnit(one, other))
    .map(([arch, some]) => ({ arch, folders: foldersOf(some, byPath) }));
  return {
    cabinets,
    tooOld: tree.packages.filter((one) => !isServed(one)).map(({ inf }) => inf),
    withoutCatalog: withoutCatalog.map(({ inf }) => inf),
    withoutSymbols: cabinets.flatMap(({ folders }) => folders.flatMap(lackingSymbols)),
  };
}

function foldersOf(
  packages: readonly DriverPackage[],
  byPath: ReadonlyMap<string, DiscFile>,
): PlannedFolder[] {
  const sorted = packages.toSorted((one, other) => byCodeUnit(one.inf, other.inf));
  const withFiles = sorted.map((one) => ({ one, files: filesOf(one, byPath) }));
  const groups = groupBy(withFiles, ({ files }) =>
    [...files].map(([name, { content }]) => `${name} ${content.sha256}`).join('\n'),
  );
  const taken = new Set<string>();
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const paths = [...new Set(same.map(({ one }) => folderOf(one.inf)))];
    return [{ folder: folderName(first.one, taken), paths, files: first.files }];
  });
}

/** Returns the files of a package and the symbols beside its binaries, sorted by name. */
function filesOf(
  { inf, files, catalogPath }: DriverPackage,
  byPath: ReadonlyMap<string, DiscFile>,
): ReadonlyMap<string, DiscFile> {
  const named = [inf, ...files, ...(catalogPath === undefined ? [] : [catalogPath])];
  const symbols = named.map((path) => path.replace(/\.[^./]+$/, '.pdb'));
  const found = [...named, ...symbols].flatMap((path) => byPath.get(path.toLowerCase()) ?? []);
  const byName = new Map(found.map((file) => [nameOf(file.path), file]));
  return new Map([...byName].sort(([one], [other]) => byCodeUnit(one, other)));
}

function folderName({ inf, target }: DriverPackage, taken: Set<string>): string {
  const base = `${nameOf(inf).replace(/\.inf$/i, '')}-${target.os}`.replace(/[^A-Za-z0-9_-]/g, '_');
  for (let number = 1; ; number++) {
    const ending = number === 1 ? '' : `-${number}`;
    const name = `${base.slice(0, longestFolder - ending.length)}${ending}`;
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}

function lackingSymbols({ files }: PlannedFolder): string[] {
  const names = new Set([...files.keys()].map((name) => name.toLowerCase()));
  return [...files]
    .filter(([name]) => /\.sys$/i.test(name) && !names.has(name.toLowerCase().replace(/\.sys$/, '.pdb')))
    .map(([, { path }]) => path);
}
