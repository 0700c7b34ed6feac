import satisfies from 'semver/functions/satisfies.js';
import { PipelineError, type Problem } from '../core/errors.ts';
import { groupBy } from '../core/group-by.ts';
import type { DriverEntry, Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { isSelected } from '../model/selection.ts';
import { targetPath } from '../model/target.ts';
import type { SourceFile } from '../sources/define.ts';
import { allOrProblems } from './all-problems.ts';
import { type ClaimedFile, type ClaimedPackage, claimPackage, symbolsOf } from './claim-package.ts';
import type { SourceIndex } from './source-index.ts';

/** Claims split by the release's `prefer`: at most one `winner` for each driver and target, none where no selection needs one. */
interface ResolvedClaims {
  readonly winners: readonly Claim[];
  readonly superseded: readonly Claim[];
}

/** Returns every claim of the sources' folders to the manifest's drivers; throws when a folder in the release does not hold its driver. */
export function findClaims(manifest: Manifest, sources: readonly SourceIndex[]): Claim[] {
  requireNamedFolders(manifest, sources);
  return manifest.drivers.flatMap((driver) =>
    sources.flatMap((source) =>
      [...source.folders.keys()]
        .filter((folder) => driverInfs(driver, source, folder).length > 0)
        .flatMap((folder) =>
          servedTargets(manifest, driver, source.id, folder).map((target) => ({
            driver,
            source,
            folder,
            target,
          })),
        ),
    ),
  );
}

function requireNamedFolders(manifest: Manifest, sources: readonly SourceIndex[]): void {
  const problems = manifest.release.folders.flatMap((entry, index) => {
    const driver = manifest.drivers.find(({ name }) => name === entry.driver);
    const isThere = sources.some(
      (source) =>
        source.id === (entry.source ?? source.id) &&
        source.folders.has(entry.folder) &&
        driver !== undefined &&
        driverInfs(driver, source, entry.folder).length > 0,
    );
    if (isThere) return [];
    return [
      {
        place: releasePlace(manifest, 'folders', index, 'folder'),
        message: `"${entry.folder}" holds no INF of driver "${entry.driver}"`,
        hint: 'remove the line, or check its spelling; case matters here',
      },
    ];
  });
  if (problems.length > 0) throw new PipelineError('input', problems);
}

/** Resolves conflicts between folders by the release's `prefer`; throws when a selected conflict stays unresolved or a preference resolves none. */
export function resolveClaims(manifest: Manifest, claims: readonly Claim[]): ResolvedClaims {
  const winners: Claim[] = [];
  const superseded: Claim[] = [];
  const problems: Problem[] = [];
  const usedPreferences = new Set<number>();
  for (const [place, rivals] of groupBy(
    claims,
    ({ driver, target }) => `${driver.name}/${targetPath(target)}`,
  )) {
    if (rivals.length === 1) {
      winners.push(...rivals);
      continue;
    }
    const { preference, preferred } = settle(manifest, rivals);
    if (preference !== undefined) usedPreferences.add(preference);
    if (preferred.length === 1) {
      winners.push(...preferred);
      superseded.push(...rivals.filter((rival) => !preferred.includes(rival)));
    } else if (rivals.some((rival) => isSelected(manifest.release, rival))) {
      problems.push(conflict(manifest, place, rivals));
    } else {
      superseded.push(...rivals);
    }
  }
  for (const index of manifest.release.prefer.keys()) {
    if (!usedPreferences.has(index)) problems.push(uselessPreference(manifest, index, claims));
  }
  if (problems.length > 0) throw new PipelineError('input', problems);
  return { winners, superseded };
}

function settle(
  manifest: Manifest,
  rivals: readonly Claim[],
): { preference?: number; preferred: readonly Claim[] } {
  for (const [index, entry] of manifest.release.prefer.entries()) {
    const [first] = rivals;
    if (first === undefined || entry.driver !== first.driver.name) continue;
    if (entry.targets !== undefined && !entry.targets.includes(targetPath(first.target))) continue;
    const preferred = rivals.filter(
      (rival) =>
        rival.source.id === (entry.source ?? rival.source.id) &&
        rival.folder === (entry.folder ?? rival.folder),
    );
    if (preferred.length > 0) return { preference: index, preferred };
  }
  return { preferred: [] };
}

function conflict(manifest: Manifest, place: string, rivals: readonly Claim[]): Problem {
  const folders = rivals.map((rival) => `${rival.source.id}: ${rival.folder}`).join(' and ');
  return {
    place,
    message: `claimed by ${folders}`,
    hint: `choose one of them under "prefer" in ${releasePlace(manifest)}`,
  };
}

/** A line whose folder is gone is not superfluous: another folder may now be on the disc in its place. */
function uselessPreference(manifest: Manifest, index: number, claims: readonly Claim[]): Problem {
  const { driver, source, folder } = manifest.release.prefer[index] ?? {};
  const isThere = claims.some(
    (claim) =>
      claim.driver.name === driver &&
      claim.source.id === (source ?? claim.source.id) &&
      claim.folder === (folder ?? claim.folder),
  );
  if (folder !== undefined && !isThere)
    return {
      place: releasePlace(manifest, 'prefer', index, 'folder'),
      message: `"${folder}" holds no INF of driver "${driver}"${source === undefined ? '' : ` in source "${source}"`}`,
      hint: 'check its spelling (case matters here) and whether the source still has it',
    };
  return {
    place: releasePlace(manifest, 'prefer', index),
    message:
      'resolves no conflict: no two folders claim this driver for these targets, or an earlier line applies',
    hint: 'remove the line, or check the names in it',
  };
}

/** One folder of a source that holds a driver for a target. */
export interface Claim {
  readonly driver: DriverEntry;
  readonly source: SourceIndex;
  readonly folder: string;
  readonly target: TargetRow;
}

/** The INFs of a driver in one build folder for one target. */
interface DriverFiles {
  readonly packages: readonly ClaimedPackage[];
  readonly extras: readonly ClaimedFile[];
  readonly missingExtras: readonly string[];
}

/** A claim with the files that it has. */
export interface DriverClaim {
  readonly claim: Claim;
  readonly files: DriverFiles;
}

/** Returns the INFs of a driver that a folder of a source holds. */
function driverInfs(driver: DriverEntry, source: SourceIndex, folder: string): SourceFile[] {
  return driver.inf.flatMap((name) => source.find(folder, name) ?? []);
}

/** Returns the files of a driver for a target: its INFs, the files that they name, the manifest's extras, and the debug symbols of all of them. */
export async function driverFiles({ driver, source, folder, target }: Claim): Promise<DriverFiles> {
  const packages = await allOrProblems(driverInfs(driver, source, folder), (inf) =>
    claimPackage(source, inf, target.arch),
  );
  const expected = driver.extras.filter(({ windows }) => satisfies(target.version, windows ?? '*'));
  const extras = expected.flatMap(({ file: name }): ClaimedFile[] => {
    const file = source.find(folder, name);
    return file === undefined ? [] : [{ file, role: 'extra' }, ...symbolsOf(source, file)];
  });
  return {
    packages,
    extras,
    missingExtras: expected
      .filter(({ file }) => source.find(folder, file) === undefined)
      .map(({ file }) => file),
  };
}

/**
 * Returns the targets of a driver's files in one folder of a source. The first match decides: the
 * release's own line, the driver's `folders`, the disc layout `<Driver>/<os>/<arch>`, the build layout of targets.yaml (the last two also below further folders).
 */
export function servedTargets(
  manifest: Manifest,
  driver: DriverEntry,
  source: string,
  folder: string,
): TargetRow[] {
  const own = manifest.release.folders.find(
    (entry) => entry.driver === driver.name && entry.folder === folder && (entry.source ?? source) === source,
  );
  const named = own?.targets ?? foldersOf(driver).get(folder);
  return named === undefined ? layoutTargets(manifest, driver, folder) : targetsNamed(manifest, named);
}

/** A Map, since a source's folder may be called `constructor`. */
function foldersOf({ folders = {} }: DriverEntry): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(folders));
}

function layoutTargets(manifest: Manifest, driver: DriverEntry, folder: string): TargetRow[] {
  const segments = folder.split('/');
  const lastTwo = segments.slice(-2).join('/');
  const onDisc = segments.at(-3) === driver.name ? targetsNamed(manifest, [lastTwo]) : [];
  if (onDisc.length > 0 || driver.folders !== undefined) return onDisc;
  return manifest.targets.filter((row) => row.folder === lastTwo);
}

function targetsNamed(manifest: Manifest, names: readonly string[]): TargetRow[] {
  return manifest.targets.filter((row) => names.includes(targetPath(row)));
}
