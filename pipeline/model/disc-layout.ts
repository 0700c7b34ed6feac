import type { Content } from '../core/content.ts';
import { byCodeUnit } from '../core/order.ts';
import { globMatcher } from '../core/paths.ts';
import { archFacts } from '../formats/windows/targets.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { DiscFile, DriverTree, Origin } from './driver-tree.ts';
import { targetPath } from './target.ts';

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
export const licensesFolder = 'LICENSES';
/** Licence of what pvdisc itself writes. */
export const ownLicense = 'BSD-3-Clause';
/** Folders that hold the boot-critical drivers once more, by architecture. */
export const bootFolders = Object.values(archFacts).map(({ bootFolder }) => bootFolder);
/** Certificates and scripts of a release that is signed with one's own key. */
export const enrolmentFolder = 'cert';
const enrolmentNames = ['root.cer', 'signer.cer', 'test-mode.cmd', 'trust.cmd', 'untrust.cmd'];

/** Returns every file of the disc that comes from a source: the drivers as collected, and the boot-critical ones once more by architecture. */
export function discLayout(
  manifest: LayoutManifest,
  tree: Pick<DriverTree, 'files' | 'packages'>,
): LayoutEntry[] {
  const files = tree.files.map((file) => layoutEntry(file.path, file));
  return [...files, ...bootEntries(manifest, tree)].sort((a, b) => byCodeUnit(a.path, b.path));
}

/** `viostor/w11/amd64/x` also as `amd64/w11/x`: the folders that people browse to in Windows Setup (upstream's "auto" tree). */
function bootEntries(manifest: LayoutManifest, tree: Pick<DriverTree, 'files' | 'packages'>): LayoutEntry[] {
  const bootDrivers = new Set(manifest.drivers.filter((driver) => driver.boot).map((driver) => driver.name));
  const byPath = new Map(tree.files.map((file) => [file.path, file]));
  const entries = tree.packages
    .filter(({ driver }) => bootDrivers.has(driver))
    .flatMap(({ driver, target, files }) =>
      files.flatMap((path): LayoutEntry[] => {
        const file = byPath.get(path);
        if (file === undefined) return [];
        const inFolder = path.slice(`${driver}/${targetPath(target)}/`.length);
        const bootPath = `${archFacts[target.arch].bootFolder}/${target.os}/${inFolder}`;
        return [layoutEntry(bootPath, file)];
      }),
    );
  return [...new Map(entries.map((entry) => [`${entry.path}\0${entry.content.sha256}`, entry])).values()];
}

function layoutEntry(path: string, { content, origin }: DiscFile): LayoutEntry {
  return { path, content, ...(origin !== undefined && { origin }) };
}

/** Returns every path of the disc, those of the generated files included, sorted; an upstream disc has its own and no more. */
export function plannedPaths(
  manifest: LayoutManifest,
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
    readmePath,
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
