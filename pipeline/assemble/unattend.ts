import { archFacts } from '../formats/windows/targets.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { bootPackages, unattendedRows, unattendPath } from '../model/disc-layout.ts';
import type { DriverFacts } from '../model/driver-facts.ts';
import type { DriverTree } from '../model/driver-tree.ts';
import { targetPath } from '../model/target.ts';
import { notLoadedComment } from './setup-loads.ts';
import { unattendCommands } from './unattend-commands.ts';

/**
 * Returns the parts of an answer file for each Windows on the disc, by path. They need no drive letter: Setup skips missing paths, and
 * install.cmd finds its own drive. For the architectures of `setupDrivers`, Setup finds the storage drivers by itself, and a path to those
 * of another Windows would bring it a second version.
 */
export function unattendFiles(
  manifest: Pick<Manifest, 'release' | 'drivers' | 'targets'>,
  tree: Pick<DriverTree, 'packages'>,
  drivers: readonly DriverFacts[] = [],
): ReadonlyMap<string, string> {
  const bootTargets = new Set<string>(bootPackages(manifest, tree).map(({ target }) => targetPath(target)));
  const served = new Set(manifest.release.setupDrivers?.targets.map((target) => target.split('/')[1]));
  return new Map(
    unattendedRows(manifest, tree).map((row) => {
      const needsPaths = bootTargets.has(targetPath(row)) && !served.has(row.arch);
      const own = drivers.filter(({ target }) => targetPath(target) === targetPath(row));
      const commands = unattendCommands(manifest, own);
      const text = answerFile(row, needsPaths, notLoadedComment(own), commands);
      return [unattendPath(row), text.replaceAll('\n', '\r\n')];
    }),
  );
}

/** Letters that the first CD drives get in Windows Setup. */
const setupLetters = ['D', 'E', 'F', 'G', 'H'];

function answerFile(row: TargetRow, needsPaths: boolean, comment: string, commands: string): string {
  const component = `processorArchitecture="${row.arch.toLowerCase()}" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"`;
  return `<?xml version="1.0" encoding="utf-8"?>
<!-- Merge this into the autounattend.xml of ${row.windows}, ${row.arch}, whatever the drive of this disc. -->
${comment}<unattend xmlns="urn:schemas-microsoft-com:unattend" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">
${needsPaths ? windowsPePass(row, component) : ''}  <settings pass="specialize">
    <component name="Microsoft-Windows-Deployment" ${component}>
${commands}    </component>
  </settings>
</unattend>
`;
}

function windowsPePass({ os, arch }: TargetRow, component: string): string {
  const paths = setupLetters.map(
    (letter, index) =>
      `        <PathAndCredentials wcm:action="add" wcm:keyValue="${index + 1}"><Path>${letter}:\\${archFacts[arch].bootFolder}\\${os}</Path></PathAndCredentials>`,
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
