import { PipelineError } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { nameOf } from '../core/paths.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import type { Release } from '../manifest/release-schema.ts';
import type { DriverPackage, FileRole, MissingExtra, UnnamedFile } from '../model/driver-tree.ts';
import { isSelected } from '../model/selection.ts';
import type { Target } from '../model/target.ts';
import type { SourceFile } from '../sources/define.ts';
import { allOrProblems } from './all-problems.ts';
import { firstRoles } from './claim-package.ts';
import { type Claim, type DriverClaim, driverFiles, findClaims, resolveClaims } from './claims.ts';
import { discPath } from './disc-path.ts';
import type { SourceIndex } from './source-index.ts';

/** A file of a source and its path on the disc. */
export interface PlannedFile {
  readonly path: string;
  readonly source: string;
  readonly file: SourceFile;
  readonly role: FileRole;
}

/** The layout of the disc, planned from the INFs before any other file is read. */
export interface DiscPlan {
  /** Sorted by path; debug symbols included. */
  readonly files: readonly PlannedFile[];
  readonly packages: readonly DriverPackage[];
  readonly missingExtras: readonly MissingExtra[];
  readonly unnamed: readonly UnnamedFile[];
  /** Returns whether a driver or the release names a file, even if the selection leaves it out. */
  readonly claimed: (source: string, path: string) => boolean;
}

/** Plans the disc from the manifest and the sources' INFs. */
export async function planDisc(manifest: Manifest, sources: readonly SourceIndex[]): Promise<DiscPlan> {
  const { winners, superseded } = resolveClaims(manifest, findClaims(manifest, sources));
  const claims = await readClaims([...winners, ...superseded]);
  const onDisc = new Set(winners.filter((claim) => isSelected(manifest.release, claim)));
  const selected = claims.filter(({ claim }) => onDisc.has(claim));
  const leftOut = claims.filter(({ claim }) => !onDisc.has(claim));
  const files = [...selected.flatMap(plannedFiles), ...plannedCompanions(manifest, sources)];
  const known = new Set(
    [...files, ...leftOut.flatMap(plannedFiles)].map(({ source, file }) => fileKey(source, file.path)),
  );
  const claimed = (source: string, path: string) => known.has(fileKey(source, path));
  return {
    files: files.sort((a, b) => byCodeUnit(a.path, b.path)),
    packages: selected.flatMap(driverPackages).sort((a, b) => byCodeUnit(a.inf, b.inf)),
    missingExtras: selected.flatMap(missingExtras),
    unnamed: unnamedFiles(selected, claimed),
    claimed,
  };
}

function readClaims(claims: readonly Claim[]): Promise<DriverClaim[]> {
  return allOrProblems(claims, async (claim) => ({ claim, files: await driverFiles(claim) }));
}

function plannedFiles({ claim, files }: DriverClaim): PlannedFile[] {
  const planned = [...files.packages.flatMap((found) => found.files), ...files.extras].map(
    (claimed): PlannedFile => ({ ...claimed, path: discPath(claim, claimed.file), source: claim.source.id }),
  );
  return firstRoles(planned, ({ path }) => path);
}

function plannedCompanions(manifest: Manifest, sources: readonly SourceIndex[]): PlannedFile[] {
  return findCompanions(manifest, sources).map(({ source, file, path }) => ({
    path,
    source: source.id,
    file,
    role: 'companion',
  }));
}

function driverPackages({ claim, files }: DriverClaim): DriverPackage[] {
  return files.packages.map(({ inf, files: claimed, missing }) => {
    const named = claimed.filter(({ role }) => role !== 'symbols');
    const catalog = claimed.find(({ role }) => role === 'catalog');
    return {
      driver: claim.driver.name,
      target: claimTarget(claim),
      inf: discPath(claim, inf),
      ...(catalog !== undefined && { catalogPath: discPath(claim, catalog.file) }),
      files: named.map((file) => discPath(claim, file.file)).sort(byCodeUnit),
      missing,
    };
  });
}

function missingExtras({ claim, files }: DriverClaim): MissingExtra[] {
  return files.missingExtras.map((file) => ({ driver: claim.driver.name, target: claimTarget(claim), file }));
}

function claimTarget({ target: { os, arch } }: Claim): Target {
  return { os, arch };
}

function fileKey(source: string, path: string): string {
  return `${source}\0${path}`;
}

/** A file of the release's `files`: it belongs to no driver and goes to `path` on the disc. */
interface Companion {
  readonly source: SourceIndex;
  readonly file: SourceFile;
  readonly path: string;
}

/** Returns the files that the release's `files` entries name; throws one error with every entry that matches nothing. */
function findCompanions(manifest: Manifest, sources: readonly SourceIndex[]): Companion[] {
  const found = manifest.release.files.map((entry) => companionsOf(entry, sources));
  const problems = manifest.release.files.flatMap((entry, index) =>
    found[index]?.length === 0
      ? [
          {
            place: releasePlace(manifest, 'files', index, 'from'),
            message: `"${entry.from}" is neither a file nor a folder of source "${entry.source}"`,
            hint: 'check its spelling; case matters here',
          },
        ]
      : [],
  );
  if (problems.length > 0) throw new PipelineError('input', problems);
  return found.flat();
}

function companionsOf(
  { source: id, from, to }: Release['files'][number],
  sources: readonly SourceIndex[],
): Companion[] {
  const source = sources.find((candidate) => candidate.id === id);
  if (source === undefined) throw new Error(`no source ${id}`);
  const folder = trimSlashes(from);
  return source.tree.files.flatMap((file): Companion[] => {
    if (file.path === folder) return [{ source, file, path: to }];
    return file.path.startsWith(`${folder}/`)
      ? [{ source, file, path: to + file.path.slice(folder.length) }]
      : [];
  });
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

/**
 * Returns the unclaimed files beside drivers' INFs that still belong to one of these drivers: named as its INF
 * is (`viostor.cat`), in a folder of that driver alone, or beside an INF that names no file. Leaves out INFs and all other files.
 */
function unnamedFiles(
  claims: readonly DriverClaim[],
  claimed: (source: string, path: string) => boolean,
): UnnamedFile[] {
  const unnamed = claims.flatMap(({ claim, files: { packages } }) => {
    const { driver, source, folder } = claim;
    const there = claims.filter(({ claim: other }) => other.source === source && other.folder === folder);
    const infs = packages.map(({ inf }) => nameOf(inf.path));
    return (source.folders.get(folder) ?? [])
      .filter(({ path }) => !path.toLowerCase().endsWith('.inf') && !claimed(source.id, path))
      .filter(({ path }) => ownerOf(path, there) === driver.name)
      .map(
        (found): UnnamedFile => ({
          path: discPath(claim, found),
          infs,
          ...(found.file !== undefined && found.extents === undefined && { file: found.file }),
          origin: { source: source.id, path: found.path },
        }),
      );
  });
  return unnamed.sort((a, b) => byCodeUnit(a.path, b.path));
}

function ownerOf(path: string, claims: readonly DriverClaim[]): string | undefined {
  const infs = claims.flatMap(({ claim, files: { packages } }) =>
    packages.map(({ inf, files }) => ({ driver: claim.driver.name, inf, isEmpty: files.length === 1 })),
  );
  const namesake = infs.find(({ inf }) => stemOf(inf.path) === stemOf(path));
  if (namesake !== undefined) return namesake.driver;
  const [driver, ...others] = new Set(infs.map((found) => found.driver));
  return others.length === 0 ? driver : infs.find(({ isEmpty }) => isEmpty)?.driver;
}

function stemOf(path: string): string {
  return nameOf(path)
    .toLowerCase()
    .replace(/\.[^.]*$/, '');
}
