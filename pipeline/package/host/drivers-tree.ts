import { byCodeUnit } from '../../core/order.ts';
import { archFacts } from '../../formats/windows/targets.ts';
import { type DriverFolder, driverFolders } from '../../model/driver-folders.ts';
import type { DiscFile, DriverTree } from '../../model/driver-tree.ts';
import type { PackedEntry } from '../contents.ts';

/** Unpacked drivers; `apart` lists the driver folders, such as `viostor/w11/amd64/`, that are not flat in `by-os`. */
export interface DriversTree {
  readonly entries: readonly PackedEntry[];
  readonly apart: readonly string[];
}

interface Placed {
  readonly path: string;
  readonly file: DiscFile;
}

/**
 * Lays out all drivers below `folder` like Fedora's package: `by-driver/viostor/w11/amd64/x`, and all drivers of a Windows version
 * together in `by-os/amd64/w11/x`. Files in `loadable` are also at `loadable/viostor/w11/amd64/x`, as on the disc. Each content is
 * stored once, at its shortest path; the other paths are hard links.
 */
export function driversTree(
  tree: Pick<DriverTree, 'files' | 'packages'>,
  folder: string,
  loadable: readonly DiscFile[] = [],
): DriversTree {
  const folders = driverFolders(tree);
  const apart = foldersApart(folders);
  const placed = folders.flatMap((driver) =>
    driver.files.flatMap((file): Placed[] => {
      const byDriver = { path: `${folder}/by-driver/${file.path}`, file };
      if (file.role === 'symbols') return [byDriver];
      return [byDriver, { path: `${folder}/${byOsPath(driver, apart)}${inFolder(driver, file)}`, file }];
    }),
  );
  const onceMore = loadable.map((file): Placed => ({ path: `${folder}/loadable/${file.path}`, file }));
  return { entries: linked([...placed, ...onceMore]), apart };
}

function byOsPath({ driver, path, target }: DriverFolder, apart: readonly string[]): string {
  const own = apart.includes(path) ? `${driver}/` : '';
  return `by-os/${archFacts[target.arch].bootFolder}/${target.os}/${own}`;
}

function inFolder({ path }: DriverFolder, file: DiscFile): string {
  return file.path.slice(path.length);
}

/** A driver with a different file of a name already taken (ignoring case) keeps all its files in its own folder. */
function foldersApart(folders: readonly DriverFolder[]): string[] {
  const taken = new Map<string, string>();
  return folders.flatMap((driver) => {
    const named = driver.files
      .filter(({ role }) => role !== 'symbols')
      .map(
        (file) =>
          [`${byOsPath(driver, [])}${inFolder(driver, file)}`.toLowerCase(), file.content.sha256] as const,
      );
    if (named.some(([name, sha256]) => (taken.get(name) ?? sha256) !== sha256)) return [driver.path];
    for (const [name, sha256] of named) taken.set(name, sha256);
    return [];
  });
}

function linked(placed: readonly Placed[]): PackedEntry[] {
  const byPath = new Map(placed.map((entry) => [entry.path, entry]));
  const sorted = [...byPath.values()].sort(
    (a, b) => a.path.length - b.path.length || byCodeUnit(a.path, b.path),
  );
  const stored = new Map<string, string>();
  return sorted.map(({ path, file }): PackedEntry => {
    const { size, ...content } = file.content;
    const { sha256 } = content;
    const target = stored.get(sha256);
    if (target !== undefined) return { kind: 'hard-link', path, target };
    stored.set(sha256, path);
    return { kind: 'file', path, mode: 0o644, size, content };
  });
}
