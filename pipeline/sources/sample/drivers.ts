import { byCodeUnit } from '../../core/order.ts';
import type { DriverFamily } from '../../formats/windows/driver-family.ts';
import type { Arch } from '../../formats/windows/targets.ts';
import {
  driverDate,
  type SampleDriver,
  type SampleProgram,
  sampleContents,
  vendor,
  type WindowsBuild,
  windowsBuilds,
} from './contents.ts';
import { buildInf, type InfOptions } from './inf.ts';
import { buildPdb, buildPe, type PeOptions } from './pe.ts';

/** A file of the sample tree; its bytes are generated on demand and the same on every call. */
export interface SampleFile {
  readonly path: string;
  readonly bytes: () => Uint8Array;
}

/**
 * Returns the embedded sample: unsigned drivers for devices that do not exist, in the folders that a driver build
 * leaves (`<Windows>/<arch>/`, flat), with a null driver at the root; about 1 MB in total, sorted by path. The INFs name catalogs on request;
 * there are none. The sample for Xen has two drivers of these, of the same form.
 */
export function sampleFiles(catalogs = false, family: DriverFamily = 'virtio'): SampleFile[] {
  const { drivers, programs, nullDrivers } = sampleContents[family];
  const built = windowsBuilds.flatMap((build) =>
    build.archs.flatMap((arch) => [
      ...drivers.flatMap((driver) => driverFiles(driver, build, arch, catalogs)),
      ...programs.map((program) => programFile(program, build, arch)),
    ]),
  );
  const root = nullDrivers.map((driver) => ({
    path: `${driver.name}.inf`,
    bytes: () => buildInf({ ...driver, ...(catalogs && { catalog: `${driver.name}.cat` }) }),
  }));
  return [...root, ...built].sort((a, b) => byCodeUnit(a.path, b.path));
}

function driverFiles(driver: SampleDriver, build: WindowsBuild, arch: Arch, catalogs: boolean): SampleFile[] {
  const path = `${build.folder}/${arch}/${driver.name}`;
  const symbols = { path: `${path}.pdb`, bytes: buildPdb };
  return [
    { path: `${path}.inf`, bytes: () => buildInf(infOptions(driver, build, arch, catalogs)) },
    {
      path: `${path}.sys`,
      bytes: () => buildPe(peOptions(driver, 'sys', `${driver.name}.sys`, build, arch)),
    },
    ...(driver.symbols ? [symbols] : []),
  ];
}

function programFile(program: SampleProgram, build: WindowsBuild, arch: Arch): SampleFile {
  return {
    path: `${build.folder}/${arch}/${program.file}`,
    bytes: () => buildPe(peOptions(program, 'exe', program.file, build, arch)),
  };
}

function infOptions(driver: SampleDriver, build: WindowsBuild, arch: Arch, catalogs: boolean): InfOptions {
  const { name, description, hardwareId, startType, loadOrderGroup } = driver;
  return {
    name,
    description,
    vendor,
    driverVer: `${driverDate},${build.version}`,
    decorations: [`NT${arch}.${build.windows}`],
    hardwareIds: [hardwareId],
    ...(catalogs && { catalog: `${name}.cat` }),
    driver: {
      files: [`${name}.sys`],
      destination: build.destination,
      startType,
      ...(loadOrderGroup !== undefined && { loadOrderGroup }),
    },
  };
}

function peOptions(
  { description, payloadSize }: Pick<SampleProgram, 'description' | 'payloadSize'>,
  kind: PeOptions['kind'],
  fileName: string,
  build: WindowsBuild,
  arch: Arch,
): PeOptions {
  return {
    arch,
    kind,
    fileName,
    description,
    company: vendor,
    version: build.version,
    subsystemVersion: build.subsystemVersion,
    payloadSize,
    payloadSeed: `${build.folder}/${arch}/${fileName}`,
  };
}
