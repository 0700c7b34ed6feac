import { type Arch, archNames } from '../formats/windows/targets.ts';
import type { DriverEntry } from '../manifest/manifest.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { bootFolderOf } from '../model/disc-layout.ts';
import { type Target, targetPath } from '../model/target.ts';

/** The targets of a driver according to its folder's path. */
export interface FolderTargets {
  /** Every target of the folder, in the order of targets.yaml; empty when its path names no Windows. */
  readonly targets: readonly Target[];
  /** Whether it is one of the folders by architecture, which hold copies of boot-critical drivers. */
  readonly isBootFolder: boolean;
}

/**
 * Returns a folder's targets as a release would: by the driver's own `folders`, else by the last two components of its path: build folder,
 * `<os>/<arch>`, or `<arch>/<os>` as in upstream's trees by OS. Case does not matter.
 */
export function folderTargets(
  folder: string,
  driver: DriverEntry | undefined,
  targets: readonly TargetRow[],
): FolderTargets {
  const path = folder.toLowerCase();
  const lastTwo = path.split('/').slice(-2).join('/');
  const own = Object.entries(driver?.folders ?? {}).flatMap(([name, named]) =>
    path === name.toLowerCase() || (name !== '.' && path.endsWith(`/${name.toLowerCase()}`)) ? named : [],
  );
  const serves = [
    (row: TargetRow) => own.includes(targetPath(row)),
    (row: TargetRow) => targetPath(row).toLowerCase() === lastTwo,
    (row: TargetRow) => row.folder.toLowerCase() === lastTwo,
  ];
  for (const serve of serves) {
    const rows = targets.filter(serve);
    if (rows.length > 0) return { targets: rows.map(targetOf), isBootFolder: false };
  }
  const byArch = targets.filter((row) => bootFolderOf(row).toLowerCase() === lastTwo);
  return { targets: byArch.map(targetOf), isBootFolder: byArch.length > 0 };
}

function targetOf({ os, arch }: TargetRow): Target {
  return { os, arch };
}

/** Returns the driver that an INF belongs to in the manifest. */
export function driverOfInf(inf: string, drivers: readonly DriverEntry[]): DriverEntry | undefined {
  return drivers.find((driver) => driver.inf.some((name) => name.toLowerCase() === inf.toLowerCase()));
}

const archWords: Readonly<Record<string, Arch>> = { i386: 'x86', x64: 'amd64', aarch64: 'ARM64' };

/** Returns the architecture in a folder's path, the last one when it names several. */
export function archInPath(folder: string): Arch | undefined {
  const words = folder.toLowerCase().split('/').reverse();
  const named = words.flatMap(
    (word) => archNames.find((arch) => arch.toLowerCase() === word) ?? archWords[word] ?? [],
  );
  return named[0];
}
