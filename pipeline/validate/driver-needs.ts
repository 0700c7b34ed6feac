import { nameOf } from '../core/paths.ts';
import {
  defaultInstalls,
  type InfService,
  infServices,
  installSection,
  serviceFile,
  servicesOf,
} from '../formats/inf/install.ts';
import type { PeImport } from '../formats/pe/imports.ts';
import type { WdfBinding } from '../formats/pe/wdf.ts';
import { kernelFunctionSince, kernelModuleSince } from '../formats/windows/kernel-modules.ts';
import { compareNtVersions, windowsNameOf } from '../formats/windows/nt-version.ts';
import { wdfRelease } from '../formats/windows/wdf-versions.ts';
import { type FileFacts, isDriverFile, type PayloadFile } from './facts.ts';
import { type PackageFacts, usedModels } from './package-facts.ts';

const knownDrivers = new WeakMap<PackageFacts, readonly PayloadFile[]>();

/**
 * Returns the `.sys` files that the kernel of the folder's Windows loads as a service of the package; others may be data, such as firmware, or
 * drivers for another Windows. Many rules ask for them.
 */
export function serviceDrivers(driverPackage: PackageFacts): readonly PayloadFile[] {
  const drivers = knownDrivers.get(driverPackage) ?? findServiceDrivers(driverPackage);
  knownDrivers.set(driverPackage, drivers);
  return drivers;
}

function findServiceDrivers(driverPackage: PackageFacts): PayloadFile[] {
  const binaries = usedServices(driverPackage).map(({ binary = '' }) => serviceFile(binary).toLowerCase());
  const names = new Set(binaries);
  return driverPackage.payload.filter(
    ({ path }) => isDriverFile(path) && names.has(nameOf(path).toLowerCase()),
  );
}

/** One INF can have services with different binaries for several versions of Windows. */
function usedServices(driverPackage: PackageFacts): readonly InfService[] {
  const { parsed, row, target } = driverPackage;
  if (row === undefined) return infServices(parsed, target.arch);
  const names = new Set(usedModels(driverPackage).map((model) => model.installSection));
  const sections = [...names].map((name) => installSection(parsed, name, target.arch));
  const installs = [...sections.filter((section) => section !== undefined), ...defaultInstalls(parsed)];
  return servicesOf(parsed, [...new Set(installs.map(({ name }) => name))]);
}

/** Returns the drivers of a package: those of its services, and libraries that bind to UMDF 2. */
export function packageDrivers(driverPackage: PackageFacts): PayloadFile[] {
  const libraries = driverPackage.payload.filter(({ facts }) => facts.wdf?.framework === 'UMDF');
  return [...new Set([...serviceDrivers(driverPackage), ...libraries])];
}

/** Something that a driver takes from Windows, and the first NT version that has it. */
interface DriverNeed {
  /** `imports … of …, which came with …`, `is built for …, which runs on …`. */
  readonly what: string;
  readonly since: string;
}

/**
 * Returns what a driver needs from Windows where the version is known, the newest first. A module that the package brings along is no need:
 * storage drivers for XP come with storport.sys.
 */
export function driverNeeds(
  { driver, imports = [], wdf }: FileFacts,
  { payload }: Pick<PackageFacts, 'payload'>,
): DriverNeed[] {
  const brought = new Set(payload.map(({ path }) => nameOf(path).toLowerCase()));
  const fromWindows = imports.filter(({ library }) => !brought.has(library.toLowerCase()));
  const imported = driver === undefined ? [] : fromWindows.flatMap(importNeeds);
  return [...imported, ...frameworkNeeds(wdf)].sort((a, b) => compareNtVersions(b.since, a.since));
}

function importNeeds({ library, functions }: PeImport): DriverNeed[] {
  const module = kernelModuleSince(library);
  return [
    ...(module === undefined ? [] : [{ what: cameWith(`imports ${library}`, module), since: module }]),
    ...functions.flatMap((name) => {
      const since = kernelFunctionSince(library, name);
      return since === undefined ? [] : [{ what: cameWith(`imports ${name} of ${library}`, since), since }];
    }),
  ];
}

function frameworkNeeds(wdf: WdfBinding | undefined): DriverNeed[] {
  const release = wdf === undefined ? undefined : wdfRelease(wdf);
  return wdf === undefined || release === undefined
    ? []
    : [
        {
          what: `is built for ${wdf.framework} ${wdf.minimum}, which runs on ${windowsNameOf(release.runs)} and later`,
          since: release.runs,
        },
      ];
}

function cameWith(what: string, since: string): string {
  return `${what}, which came with ${windowsNameOf(since)}`;
}
