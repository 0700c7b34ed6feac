import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { archNames } from '../../pipeline/formats/windows/targets.ts';
import { buildInf, type InfOptions } from '../../pipeline/sources/sample/inf.ts';
import { buildPe, type PeOptions } from '../../pipeline/sources/sample/pe.ts';

/** Files by path (`/` between names). */
export type Tree = Readonly<Record<string, Uint8Array | string>>;

/** How a driver folder differs from a good one. */
export interface DriverFolderOptions {
  /** Name of the INF, the `.sys` and the service; `viostor` when absent. */
  readonly name?: string;
  readonly inf?: Partial<InfOptions>;
  readonly pe?: Partial<PeOptions>;
  /** Files that the INF names, instead of `<name>.sys` alone. */
  readonly infFiles?: readonly string[];
  /** More files, or other bytes for the driver's own, by name. */
  readonly extras?: Tree;
  /** Names of files that are left out of the folder. */
  readonly without?: readonly string[];
}

const windowsVersions: Readonly<Record<string, string>> = {
  Wxp: '5.1',
  Wnet: '5.2',
  Wlh: '6.0',
  Win7: '6.1',
  Win8: '6.2',
  'Win8.1': '6.3',
  Win10: '10.0',
  Win11: '10.0...16299',
};

/** Writes the files of a tree below a folder, with the folders that they need. */
export async function writeTree(folder: string, tree: Tree): Promise<void> {
  for (const [path, content] of Object.entries(tree)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Returns a build-output folder such as `Win10/amd64` with one small unsigned driver; the options break it. */
export function driverFolder(folder: string, options: DriverFolderOptions = {}): Tree {
  const { name = 'viostor', extras = {}, without = [] } = options;
  const files: Tree = {
    [`${name}.inf`]: buildInf(infOptions(folder, name, options)),
    [`${name}.sys`]: buildPe(peOptions(folder, name, options)),
    ...extras,
  };
  const kept = Object.entries(files).filter(([file]) => !without.includes(file));
  return Object.fromEntries(kept.map(([file, content]) => [`${folder}/${file}`, content]));
}

/** Returns the Windows version of a build folder such as `Win11/amd64` as decorations write it: `10.0...16299`. */
export function windowsOfFolder(folder: string): string {
  return targetOf(folder).windows;
}

function infOptions(folder: string, name: string, { inf, infFiles }: DriverFolderOptions): InfOptions {
  const { arch, windows } = targetOf(folder);
  return {
    name,
    description: `${name} test driver`,
    vendor: 'pvdisc project',
    driverVer: '01/02/2026,0.1.0.1',
    decorations: [`NT${arch}.${windows}`],
    hardwareIds: [`ROOT\\PVDISC_${name.toUpperCase()}`],
    driver: { files: infFiles ?? [`${name}.sys`], destination: 12, startType: 3 },
    ...inf,
  };
}

function peOptions(folder: string, name: string, { pe }: DriverFolderOptions): PeOptions {
  const { arch, windows } = targetOf(folder);
  const [major, minor] = windows.split('.').map(Number);
  return {
    arch,
    kind: 'sys',
    version: '0.1.0.1',
    description: `${name} test driver`,
    company: 'pvdisc project',
    fileName: `${name}.sys`,
    payloadSize: 64,
    payloadSeed: `${folder}/${name}`,
    subsystemVersion: `${major ?? 0}.${minor ?? 0}`,
    ...pe,
  };
}

function targetOf(folder: string) {
  const [build = '', archFolder] = folder.split('/').slice(-2);
  const arch = archNames.find((name) => name === archFolder);
  const windows = windowsVersions[build];
  if (arch === undefined || windows === undefined) {
    throw new Error(`${folder} does not end as a build folder does, such as Win10/amd64`);
  }
  return { arch, windows };
}
