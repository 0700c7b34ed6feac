import { globMatcher } from '../core/glob.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { infoPath, readmePath } from '../model/disc-layout.ts';
import type { DiscFile, DriverTree } from '../model/driver-tree.ts';
import type { ImageFile } from '../model/release.ts';

/** Licence of the texts that pvdisc writes onto a disc: its own. */
const ownLicense = 'BSD-3-Clause';

/**
 * Returns a function that says under which licence (SPDX id or LicenseRef) a file of a disc is: its own, else that of its driver.
 * Licence texts have none, and what a release ships without naming a licence has none either.
 */
export function licenseFinder(
  manifest: Pick<Manifest, 'drivers' | 'fileLicenses' | 'release'>,
  tree: Pick<DriverTree, 'files' | 'symbols'>,
): (file: ImageFile) => string | undefined {
  const ofDriver = new Map(manifest.drivers.map(({ name, license }) => [name, license]));
  const ofFiles = manifest.fileLicenses.map(({ file, license }) => ({ isOne: globMatcher(file), license }));
  const treeFiles = [...tree.files, ...tree.symbols];
  const byPath = new Map(treeFiles.map((file) => [file.path, file]));
  const byOrigin = new Map(treeFiles.map((file) => [originKey(file.origin), file]));
  const licenseOf = ({ path, role }: DiscFile): string | undefined => {
    if (role === 'companion') return companionLicense(manifest, path);
    return ofFiles.find(({ isOne }) => isOne(path))?.license ?? ofDriver.get(path.split('/')[0] ?? '');
  };
  return ({ path, origin }) => {
    if (origin === undefined) return path === infoPath || path === readmePath ? ownLicense : undefined;
    const file = byPath.get(path) ?? byOrigin.get(originKey(origin));
    return file === undefined ? undefined : licenseOf(file);
  };
}

function companionLicense({ release }: Pick<Manifest, 'release'>, path: string): string | undefined {
  return release.files.find(({ to }) => path === to || path.startsWith(`${to}/`))?.license;
}

function originKey({ source, path }: DiscFile['origin']): string {
  return `${source}\0${path}`;
}
