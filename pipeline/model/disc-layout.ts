import type { Content } from '../core/content.ts';
import { byCodeUnit } from '../core/order.ts';
import { globMatcher } from '../core/paths.ts';
import { archFacts, isBeforeVista } from '../formats/windows/targets.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import type { DiscFile, DriverPackage, DriverTree, Origin } from './driver-tree.ts';
import { allows } from './selection.ts';
import { type Target, targetPath } from './target.ts';

/** One file of the disc: its path there and the bytes to write. */
export interface LayoutEntry {
  readonly path: string;
  readonly content: Content;
  /** Absent for files that the pipeline itself writes. */
  readonly origin?: Origin;
}

/** What the layout needs of the manifest. */
type LayoutManifest = Pick<Manifest, 'release' | 'drivers' | 'fileLicenses'>;

/** Longest file name that is recorded unchanged in the ISO's primary tree (xorrisofs(1), `-untranslated_name_len`). */
export const maxNameLength = 96;

/** Longest folder name: xorriso 1.5.4 has 64 bytes for a path table record (ECMA-119, 9.4: 8 bytes and the name) and aborts beyond. */
export const maxFolderNameLength = 56;

/** Longest path (ECMA-119, 6.8.2.1). */
export const maxPathLength = 255;

/** Paths that the pipeline itself writes onto every disc. */
export const infoPath = 'data/info.json';
export const readmePath = 'README.txt';
export const installPath = 'install.cmd';
export const pagePath = 'index.html';
export const licensesFolder = 'LICENSES';
/** Parts of answer files, one for each Windows. */
export const unattendFolder = 'unattend';
/** Licence of what pvdisc itself writes. */
export const ownLicense = 'BSD-3-Clause';
/** Folders that hold the boot-critical drivers once more, by architecture. */
export const bootFolders = Object.values(archFacts).map(({ bootFolder }) => bootFolder);
/** The folder at the root of a removable disc from which Windows Setup loads drivers by itself (Microsoft, KB 2686316). */
export const setupFolder = '$WinPEDriver$';
/** Certificates and scripts of a release that is signed with one's own key. */
export const enrolmentFolder = 'cert';
const enrolmentNames = ['root.cer', 'signer.cer', 'test-mode.cmd', 'trust.cmd', 'untrust.cmd'];

/** Returns the folder for the boot-critical drivers of a target, such as `i386/w10`. */
export function bootFolderOf({ os, arch }: Target): string {
  return `${archFacts[arch].bootFolder}/${os}`;
}

/** Returns whether Windows Setup takes a file of the disc for one of the drivers that it loads by itself. */
export function isInSetupFolder(path: string): boolean {
  return path.toLowerCase().startsWith(`${setupFolder}/`.toLowerCase());
}

/** Returns every file of the disc that comes from a source: the drivers as collected, and those that Windows Setup needs once more. */
export function discLayout(
  manifest: LayoutManifest,
  tree: Pick<DriverTree, 'files' | 'packages'>,
): LayoutEntry[] {
  const files = tree.files.map((file) => layoutEntry(file.path, file));
  const copies = [
    ...copiesOf(tree, bootPackages(manifest, tree), ({ target }) => bootFolderOf(target)),
    ...copiesOf(
      tree,
      setupPackages(manifest, tree),
      ({ driver, target }) => `${setupFolder}/${target.arch}/${driver}`,
    ),
  ];
  return [...files, ...copies].sort((a, b) => byCodeUnit(a.path, b.path));
}

/** Returns the packages of the folders that people browse to in Windows Setup (upstream's "auto" tree): `viostor/w11/amd64/x` also as `amd64/w11/x`. */
export function bootPackages(
  { drivers }: Pick<LayoutManifest, 'drivers'>,
  { packages }: Pick<DriverTree, 'packages'>,
): readonly DriverPackage[] {
  const bootDrivers = new Set(drivers.filter(({ boot }) => boot).map(({ name }) => name));
  return packages.filter(({ driver }) => bootDrivers.has(driver));
}

/**
 * Returns the packages that Windows Setup loads by itself: the storage and network drivers of the targets that the release chooses, as
 * `$WinPEDriver$/amd64/viostor/x`. The path names no Windows, so that virt-v2v does not take the files once more.
 */
export function setupPackages<Package extends DriverPackage>(
  { drivers, release }: Pick<LayoutManifest, 'drivers' | 'release'>,
  { packages }: { readonly packages: readonly Package[] },
): readonly Package[] {
  const { setupDrivers: chosen } = release;
  if (chosen === undefined) return [];
  const targets = new Set<string>(chosen.targets);
  const fitting = drivers.filter(({ name, boot, setup }) => (boot || setup) && allows(chosen.drivers, name));
  const names = new Set(fitting.map(({ name }) => name));
  return packages.filter(({ driver, target }) => names.has(driver) && targets.has(targetPath(target)));
}

/** Returns the files of packages once more, in a folder for each package; they share the extents of the first ones. */
function copiesOf(
  tree: Pick<DriverTree, 'files'>,
  packages: readonly DriverPackage[],
  folderFor: (driverPackage: DriverPackage) => string,
): LayoutEntry[] {
  const byPath = new Map(tree.files.map((file) => [file.path, file]));
  const entries = packages.flatMap((driverPackage) => {
    const { driver, target, files } = driverPackage;
    return files.flatMap((path): LayoutEntry[] => {
      const file = byPath.get(path);
      if (file === undefined) return [];
      const inFolder = path.slice(`${driver}/${targetPath(target)}/`.length);
      return [layoutEntry(`${folderFor(driverPackage)}/${inFolder}`, file)];
    });
  });
  return [...new Map(entries.map((entry) => [`${entry.path}\0${entry.content.sha256}`, entry])).values()];
}

/** Returns the Windows that have drivers on the disc and read an answer file, which Windows XP and Server 2003 have in another form. */
export function unattendedRows(
  { targets }: Pick<Manifest, 'targets'>,
  { packages }: Pick<DriverTree, 'packages'>,
): TargetRow[] {
  const present = new Set(packages.map(({ target }) => targetPath(target)));
  return targets.filter((row) => present.has(targetPath(row)) && !isBeforeVista(row));
}

/** Has no element that virt-v2v takes for an architecture. */
export function unattendPath({ os, arch }: Target): string {
  return `${unattendFolder}/${os}-${arch}.xml`;
}

/** Returns whether pvdisc writes a file of the disc itself; a licence and a certificate are others' texts. */
export function isOwnFile(path: string): boolean {
  const isEnrolmentScript = path.startsWith(`${enrolmentFolder}/`) && path.endsWith('.cmd');
  return (
    [infoPath, installPath, pagePath, readmePath].includes(path) ||
    path.startsWith(`${unattendFolder}/`) ||
    isEnrolmentScript
  );
}

function layoutEntry(path: string, { content, origin }: DiscFile): LayoutEntry {
  return { path, content, ...(origin !== undefined && { origin }) };
}

/** Returns every path of the disc, those of the generated files included, sorted; an upstream disc has its own and no more. */
export function plannedPaths(
  manifest: LayoutManifest & Pick<Manifest, 'targets'>,
  tree: Pick<DriverTree, 'files' | 'packages'>,
): string[] {
  if (manifest.release.passthrough !== undefined) return tree.files.map(({ path }) => path);
  const licenses = shippedLicenses(manifest, tree).map((id) => `${licensesFolder}/${id}.txt`);
  const fromSources = discLayout(manifest, tree).map(({ path }) => path);
  const enrolment = manifest.release.sign?.enrol ? enrolmentNames : [];
  return [
    ...fromSources,
    infoPath,
    installPath,
    pagePath,
    readmePath,
    ...unattendedRows(manifest, tree).map(unattendPath),
    ...licenses,
    ...enrolment.map((name) => `${enrolmentFolder}/${name}`),
  ].sort(byCodeUnit);
}

/** Returns the licence ids of the drivers that are on the disc, of the files that have their own and of the companions, sorted. */
export function shippedLicenses(
  manifest: LayoutManifest,
  tree: Pick<DriverTree, 'files' | 'packages'>,
): string[] {
  const shipped = new Set(tree.packages.map(({ driver }) => driver));
  const ofDrivers = manifest.drivers.filter(({ name }) => shipped.has(name)).map(({ license }) => license);
  const ofFiles = manifest.fileLicenses
    .filter(({ file }) => {
      const matches = globMatcher(file);
      return tree.files.some(({ path }) => matches(path));
    })
    .map(({ license }) => license);
  const ofCompanions = manifest.release.files.flatMap(({ license }) => license ?? []);
  return [...new Set([...ofDrivers, ...ofFiles, ...ofCompanions])].sort(byCodeUnit);
}
