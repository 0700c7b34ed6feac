import { groupBy } from '../core/group-by.ts';
import { selectModels } from '../formats/inf/select.ts';
import { parseInfOnce } from '../formats/parse-once.ts';
import { archFacts, lastBuild } from '../formats/windows/targets.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import {
  bootPackages,
  setupFolder,
  setupPackages,
  unattendedRows,
  unattendPath,
} from '../model/disc-layout.ts';
import type { DriverFacts } from '../model/driver-facts.ts';
import type { DriverTree } from '../model/driver-tree.ts';
import { allows } from '../model/selection.ts';
import { guestOf, type Target, targetPath } from '../model/target.ts';
import { readStored } from '../system/stored-bytes.ts';
import { notLoadedComment } from './setup-loads.ts';
import { unattendCommands } from './unattend-commands.ts';

interface SetupFacts {
  /** The drivers of each Windows that Setup takes from `$WinPEDriver$` (servedBySetup). */
  readonly served?: ReadonlySet<string>;
  readonly drivers?: readonly DriverFacts[];
}

/**
 * Returns the parts of an answer file for each Windows on the disc, by path. They need no drive letter: Setup skips missing paths, and
 * install.cmd finds its own drive. A driver that Setup takes from `$WinPEDriver$` by itself has no path, which would bring Setup a second
 * version of it.
 */
export function unattendFiles(
  manifest: Pick<Manifest, 'release' | 'drivers' | 'targets'>,
  tree: Pick<DriverTree, 'packages'>,
  { served = new Set(), drivers = [] }: SetupFacts = {},
): ReadonlyMap<string, string> {
  const boot = groupBy(bootPackages(manifest, tree), ({ target }) => targetPath(target));
  return new Map(
    unattendedRows(manifest, tree).map((row) => {
      const storage = [...new Set(boot.get(targetPath(row))?.map(({ driver }) => driver))];
      const folders = driverPaths(row, storage, served, manifest.release.setupDrivers?.drivers);
      const taken = storage.filter((driver) => served.has(driverPath(driver, row)));
      const own = drivers.filter(({ target }) => targetPath(target) === targetPath(row));
      const comments = `${takenComment(taken)}${notLoadedComment(own)}`;
      const text = answerFile(row, folders, comments, unattendCommands(manifest, own));
      return [unattendPath(row), text.replaceAll('\n', '\r\n')];
    }),
  );
}

/**
 * Returns the drivers of which Setup of a Windows finds an INF with models for it in `$WinPEDriver$`, as `viostor/w11/amd64`. An INF for
 * Windows 7 serves Windows 8 too, but not Server 2008.
 */
export async function servedBySetup(
  manifest: Pick<Manifest, 'release' | 'drivers' | 'targets'>,
  { packages, files }: Pick<DriverTree, 'packages' | 'files'>,
): Promise<ReadonlySet<string>> {
  const contents = new Map(files.map(({ path, content }) => [path, content]));
  const served = new Set<string>();
  for (const { driver, target, inf } of setupPackages(manifest, { packages })) {
    const content = contents.get(inf);
    if (content === undefined) continue;
    const parsed = parseInfOnce(await readStored(content));
    for (const row of manifest.targets.filter(({ arch }) => arch === target.arch)) {
      const guest = guestOf(row);
      const models = selectModels(parsed, { ...guest, build: lastBuild(guest.build) });
      if (models.some((section) => section.models.length > 0)) served.add(driverPath(driver, row));
    }
  }
  return served;
}

function driverPath(driver: string, target: Target): string {
  return `${driver}/${targetPath(target)}`;
}

/**
 * Returns the folders of the disc with the storage drivers that Setup needs and does not have: the one of all, or one for each where Setup
 * has some. A driver that `setupDrivers` leaves out is left out here too where it has others.
 */
function driverPaths(
  row: TargetRow,
  storage: readonly string[],
  served: ReadonlySet<string>,
  chosen: Parameters<typeof allows>[0],
): string[] {
  if (storage.length === 0) return [];
  if (!storage.some((driver) => served.has(driverPath(driver, row))))
    return [`${archFacts[row.arch].bootFolder}/${row.os}`];
  return storage
    .filter((driver) => allows(chosen, driver) && !served.has(driverPath(driver, row)))
    .map((driver) => driverPath(driver, row));
}

/** Letters that the first CD drives get in Windows Setup. */
const setupLetters = ['D', 'E', 'F', 'G', 'H'];

function takenComment(drivers: readonly string[]): string {
  if (drivers.length === 0) return '';
  return `<!-- Setup takes ${drivers.join(', ')} from ${setupFolder} of this disc: do not name other versions in DriverPaths (KB 2686316). -->\n`;
}

function answerFile(row: TargetRow, folders: readonly string[], comments: string, commands: string): string {
  const component = `processorArchitecture="${row.arch.toLowerCase()}" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"`;
  return `<?xml version="1.0" encoding="utf-8"?>
<!-- Merge this into the autounattend.xml of ${row.windows}, ${row.arch}, whatever the drive of this disc. -->
${comments}<unattend xmlns="urn:schemas-microsoft-com:unattend" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">
${folders.length > 0 ? windowsPePass(folders, component) : ''}  <settings pass="specialize">
    <component name="Microsoft-Windows-Deployment" ${component}>
${commands}    </component>
  </settings>
</unattend>
`;
}

function windowsPePass(folders: readonly string[], component: string): string {
  const paths = folders
    .flatMap((folder) => setupLetters.map((letter) => `${letter}:\\${folder.replaceAll('/', '\\')}`))
    .map(
      (path, index) =>
        `        <PathAndCredentials wcm:action="add" wcm:keyValue="${index + 1}"><Path>${path}</Path></PathAndCredentials>`,
    );
  return `  <settings pass="windowsPE">
    <component name="Microsoft-Windows-PnpCustomizationsWinPE" ${component}>
      <DriverPaths>
${paths.join('\n')}
      </DriverPaths>
    </component>
  </settings>
`;
}
