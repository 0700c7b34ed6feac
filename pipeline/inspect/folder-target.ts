import { targetPath } from '../collect/folders.ts';
import type { DriverEntry } from '../manifest/read.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import type { Target } from '../types.ts';
import { type Arch, archFacts, archNames } from '../windows/targets.ts';

/** What a folder's path says of the drivers in it. */
export interface FolderTarget {
  /** `os` is `?` when the path does not say for which Windows it is. */
  readonly target: Target;
  /** Whether it is one of the folders by architecture, which hold boot-critical drivers a second time. */
  readonly isBootFolder: boolean;
}

/** What stands for a Windows version that a folder does not name. */
export const unknownOs = '?';

/** Tells a folder's target by its last two names: build folder, `<os>/<arch>`, or `<arch>/<os>` as in upstream's trees by OS. */
export function folderTarget(folder: string, targets: readonly TargetRow[]): FolderTarget {
  const lastTwo = folder.split('/').slice(-2).join('/').toLowerCase();
  const row = targets.find((candidate) =>
    [candidate.folder, targetPath(candidate)].some((name) => name.toLowerCase() === lastTwo),
  );
  if (row !== undefined) return { target: { os: row.os, arch: row.arch }, isBootFolder: false };
  const byArch = targets.find(
    ({ os, arch }) => `${archFacts[arch].bootFolder}/${os}`.toLowerCase() === lastTwo,
  );
  if (byArch !== undefined) return { target: { os: byArch.os, arch: byArch.arch }, isBootFolder: true };
  return { target: { os: unknownOs, arch: archInPath(folder) }, isBootFolder: false };
}

/** Returns the driver that an INF belongs to by the manifest, else the INF's own name without its ending. */
export function driverOfInf(inf: string, drivers: readonly DriverEntry[]): string {
  const known = drivers.find((driver) => driver.inf.some((name) => name.toLowerCase() === inf.toLowerCase()));
  return known?.name ?? inf.replace(/\.inf$/i, '');
}

const archWords: Readonly<Record<string, Arch>> = { i386: 'x86', x64: 'amd64', aarch64: 'ARM64' };

function archInPath(folder: string): Arch {
  const words = folder.toLowerCase().split('/').reverse();
  const named = words.flatMap(
    (word) => archNames.find((arch) => arch.toLowerCase() === word) ?? archWords[word] ?? [],
  );
  return named[0] ?? 'amd64';
}
