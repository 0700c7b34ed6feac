import { byCodeUnit } from '../core/order.ts';
import { nameOf } from '../core/paths.ts';
import type { UnnamedFile } from '../model/driver-tree.ts';
import { discPath } from './disc-path.ts';
import type { DriverClaim } from './driver-files.ts';

/**
 * Returns the files beside drivers' INFs that nothing claims and that belong to one of these drivers all the same: named as its INF
 * is (`viostor.cat`), in a folder of that driver alone, or beside an INF that names nothing. INFs and all other files are not among them.
 */
export function unnamedFiles(
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
