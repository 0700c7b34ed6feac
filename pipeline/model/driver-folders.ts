import type { DiscFile, DriverTree } from './driver-tree.ts';
import { type Target, targetPath } from './target.ts';

/** One driver's folder for one target, `viostor/w11/amd64/`, with all its files. */
export interface DriverFolder {
  readonly driver: string;
  readonly target: Target;
  readonly path: string;
  readonly files: readonly DiscFile[];
}

/** Returns the folders that hold driver packages, each once even when it holds several INFs, sorted by path. */
export function driverFolders({ files, packages }: Pick<DriverTree, 'files' | 'packages'>): DriverFolder[] {
  const folders = new Map<string, DriverFolder>();
  for (const { driver, target } of packages) {
    const path = `${driver}/${targetPath(target)}/`;
    if (folders.has(path)) continue;
    folders.set(path, { driver, target, path, files: files.filter((file) => file.path.startsWith(path)) });
  }
  return [...folders.values()];
}
