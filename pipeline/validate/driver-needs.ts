import { nameOf } from '../core/paths.ts';
import { infEntries, infValue } from '../formats/inf/inf.ts';
import { servicesOf } from '../formats/inf/install.ts';
import type { PeImport } from '../formats/pe/imports.ts';
import { kernelFunctionSince, kernelModuleSince } from '../formats/windows/kernel-modules.ts';
import { compareNtVersions, windowsNameOf } from '../formats/windows/nt-version.ts';
import { type WdfVersion, wdfRelease } from '../formats/windows/wdf-versions.ts';
import { type FileFacts, isDriverFile, type PayloadFile } from './facts.ts';
import { type PackageFacts, serviceFiles, usedInstalls, usedSections } from './package-facts.ts';

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
  const services = servicesOf(driverPackage.parsed, usedInstalls(driverPackage));
  return serviceFiles(driverPackage, services).filter(({ path }) => isDriverFile(path));
}

/** A driver of a package: a file, or the line of the INF that says the framework of a user-mode driver. */
export interface PackageDriver {
  readonly path: string;
  readonly line?: number;
  /** What it needs from Windows where the version is known, the newest first. */
  readonly needs: readonly DriverNeed[];
  readonly wdf?: WdfVersion;
}

/** Returns the drivers that the folder's Windows loads. */
export function packageDrivers(driverPackage: PackageFacts): PackageDriver[] {
  const kernelMode = serviceDrivers(driverPackage).map(({ path, facts }): PackageDriver => {
    const wdf = facts.wdf && { framework: 'KMDF' as const, version: facts.wdf.minimum };
    const needs = [...importedNeeds(facts, driverPackage), ...frameworkNeeds(wdf)];
    return {
      path,
      needs: needs.sort((a, b) => compareNtVersions(b.since, a.since)),
      ...(wdf && { wdf }),
    };
  });
  return [...kernelMode, ...userModeDrivers(driverPackage)];
}

/** UMDF drivers: their binaries do not hold the version, so that Windows takes it from the INF ("Specifying WDF directives in INF files"). */
function userModeDrivers(driverPackage: PackageFacts): PackageDriver[] {
  const { parsed, inf } = driverPackage;
  const services = usedSections(driverPackage).flatMap(({ name }) =>
    infEntries(parsed, `${name}.Wdf`, 'UmdfService'),
  );
  const sections = new Set(services.map(({ values: [, section = ''] }) => section.toLowerCase()));
  return [...sections].flatMap((section) => {
    const found = infValue(parsed, section, 'UmdfLibraryVersion');
    const [version] = /^\d{1,3}\.\d{1,3}/.exec(found?.value ?? '') ?? [];
    if (found === undefined || version === undefined) return [];
    const wdf = { framework: 'UMDF' as const, version };
    return [{ path: inf, line: found.line, needs: frameworkNeeds(wdf), wdf }];
  });
}

/** Something that a driver takes from Windows, and the first NT version that has it. */
interface DriverNeed {
  /** `imports … of …, which came with …`, `is built for …, which runs on …`. */
  readonly what: string;
  readonly since: string;
}

/** A module that the package brings along is no need: storage drivers for XP come with storport.sys. */
function importedNeeds(
  { imports = [] }: FileFacts,
  { payload }: Pick<PackageFacts, 'payload'>,
): DriverNeed[] {
  const brought = new Set(payload.map(({ path }) => nameOf(path).toLowerCase()));
  return imports.filter(({ library }) => !brought.has(library.toLowerCase())).flatMap(importNeeds);
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

function frameworkNeeds(wdf: WdfVersion | undefined): DriverNeed[] {
  const release = wdf && wdfRelease(wdf);
  if (wdf === undefined || release === undefined) return [];
  const what = `is built for ${wdf.framework} ${wdf.version}, which runs on ${windowsNameOf(release.runs)} and later`;
  return [{ what, since: release.runs }];
}

function cameWith(what: string, since: string): string {
  return `${what}, which came with ${windowsNameOf(since)}`;
}
