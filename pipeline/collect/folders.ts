import type { DriverEntry, Manifest } from '../manifest/manifest.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { targetPath } from '../model/target.ts';

/**
 * Returns the targets that the files of a driver in one folder of a source serve. The first that knows the folder decides: the
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

/** As a map: a source's folder may be called `constructor`. */
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
