import type { Manifest } from '../manifest/manifest.ts';
import { discName, symbolsDiscName, symbolsLabel } from '../manifest/names.ts';
import {
  discLayout,
  infoPath,
  installPath,
  type LayoutEntry,
  licensesFolder,
  pagePath,
  readmePath,
  shippedLicenses,
} from '../model/disc-layout.ts';
import type { DriverFacts } from '../model/driver-facts.ts';
import type { DiscFile } from '../model/driver-tree.ts';
import type { ValidatedTree } from '../model/validated-tree.ts';
import { enrolmentFiles } from './enrolment.ts';
import { installScript } from './install-script.ts';
import { discReadme } from './readme.ts';
import { servedBySetup, unattendFiles } from './unattend.ts';

/** What one disc is to hold: files of the sources, texts that the pipeline writes, by path, and licences by id. */
export interface DiscContents {
  /** File name without `.iso`. */
  readonly name: string;
  readonly label: string;
  readonly readme: string;
  readonly files: readonly LayoutEntry[];
  readonly texts: ReadonlyMap<string, string>;
  readonly licenses: readonly string[];
}

/** Returns what the disc of a release's drivers holds; `page` is its index.html. */
export async function driversDisc(
  manifest: Manifest,
  tree: ValidatedTree,
  page: string,
): Promise<DiscContents> {
  const readme = discReadme(manifest, tree.drivers);
  return {
    name: discName(manifest),
    label: manifest.label,
    readme,
    files: discLayout(manifest, tree),
    texts: new Map([
      [infoPath, infoJson(manifest, tree.drivers)],
      [installPath, installScript(manifest, tree.drivers)],
      [pagePath, page],
      [readmePath, readme],
      ...unattendFiles(manifest, tree, {
        served: await servedBySetup(manifest, tree),
        drivers: tree.drivers,
      }),
      ...(manifest.release.sign?.enrol && tree.signing !== undefined ? enrolmentFiles(tree.signing) : []),
    ]),
    licenses: shippedLicenses(manifest, tree),
  };
}

/** Returns what the disc of a release's debug symbols holds: every `.pdb` at the path that it has, or would have, on the disc of drivers. */
export function symbolsDisc(manifest: Manifest, tree: ValidatedTree): DiscContents {
  const readme = symbolsReadme(manifest, tree.symbols);
  const folders = new Set(tree.symbols.map(({ path }) => path.split('/')[0]));
  const packages = tree.packages.filter(({ driver }) => folders.has(driver));
  return {
    name: symbolsDiscName(manifest),
    label: symbolsLabel(manifest),
    readme,
    files: tree.symbols.map(({ path, content, origin }) => ({ path, content, origin })),
    texts: new Map([[readmePath, readme]]),
    licenses: shippedLicenses(manifest, { files: tree.symbols, packages }),
  };
}

/**
 * Returns `data/info.json`: upstream's shape `{"drivers": [{arch, driver_version, inf_path, name, windows_version}]}`, which tools
 * read, with `driver`, `provider`, `signature`, `class`, `services`, `hardware_ids` and `compatible_ids` added to each driver and the
 * release's name, version, label and family beside them.
 */
export function infoJson(
  manifest: Pick<Manifest, 'release' | 'label'>,
  drivers: readonly DriverFacts[],
): string {
  const info = {
    drivers: drivers.map((facts) => ({
      arch: facts.target.arch,
      class: facts.class,
      compatible_ids: facts.compatibleIds,
      driver: facts.driver,
      driver_version: facts.driverVer,
      hardware_ids: facts.hardwareIds,
      inf_path: facts.inf,
      name: facts.name,
      provider: facts.provider,
      services: facts.services,
      signature: facts.signature,
      windows_version: facts.target.os,
    })),
    family: manifest.release.family,
    label: manifest.label,
    name: manifest.release.name,
    version: manifest.release.version,
  };
  return `${JSON.stringify(info, null, 2)}\n`;
}

/** Returns the README.txt of the disc of debug symbols: what it is and how to use it in a debugger. CRLF, ASCII. */
function symbolsReadme(manifest: Manifest, symbols: readonly DiscFile[]): string {
  const label = symbolsLabel(manifest);
  const folders = [...new Set(symbols.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))];
  const example = (folders.at(-1) ?? '').replaceAll('/', '\\');
  const text = `${label}
${'='.repeat(label.length)}

Debug symbols (.pdb) of: ${manifest.release.title}.

They are not needed to install or to run a driver. A debugger uses them to show names instead of addresses in
a driver or in a crash dump. They are in the same folders as their drivers on the disc ${manifest.label}:
<Driver>\\<folder of the Windows>\\<architecture>.

How to use them
---------------
D: stands for the drive letter of this disc. In WinDbg or kd:
  .sympath+ D:\\${example}
  .reload
Symbols belong to one build of a driver; the debugger loads those that match and ignores others.

Licences
--------
The texts are in ${licensesFolder}\\. Nothing on this disc comes with a warranty.
`;
  return text.replace(/[^\n\x20-\x7e]/g, '?').replaceAll('\n', '\r\n');
}
