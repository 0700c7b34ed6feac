import { byCodeUnit } from '../core/order.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { DriverPackage, FileRole, MissingExtra, UnnamedFile } from '../model/driver-tree.ts';
import { isSelected } from '../model/selection.ts';
import type { Target } from '../model/target.ts';
import type { SourceFile } from '../sources/define.ts';
import { allOrProblems } from './all-problems.ts';
import type { Claim } from './claim.ts';
import { firstRoles } from './claim-package.ts';
import { findClaims, resolveClaims } from './claims.ts';
import { findCompanions } from './companions.ts';
import { discPath } from './disc-path.ts';
import { type DriverClaim, driverFiles } from './driver-files.ts';
import type { SourceIndex } from './source-index.ts';
import { unnamedFiles } from './unnamed.ts';

/** A file of a source and the place on the disc that it is meant for. */
export interface PlannedFile {
  readonly path: string;
  readonly source: string;
  readonly file: SourceFile;
  readonly role: FileRole;
}

/** What goes where on the disc, before any byte but those of the INFs is read. */
export interface DiscPlan {
  /** Sorted by path; debug symbols included. */
  readonly files: readonly PlannedFile[];
  readonly packages: readonly DriverPackage[];
  readonly missingExtras: readonly MissingExtra[];
  readonly unnamed: readonly UnnamedFile[];
  /** Tells whether a driver or the release names a file, be it on the disc or left out by selection. */
  readonly claimed: (source: string, path: string) => boolean;
}

/** Plans the disc from what the manifest asks for and what the sources' INFs say. */
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
