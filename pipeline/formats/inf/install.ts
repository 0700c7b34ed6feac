import { type Arch, archFacts } from '../windows/targets.ts';
import {
  type Inf,
  type InfEntry,
  type InfSection,
  infEntries,
  infSection,
  infValue,
  oncePerInf,
} from './inf.ts';
import { infNumber } from './lines.ts';
import { type Model, parseDecoration } from './models.ts';
import { withNeeded } from './needs.ts';
import { sectionsForArch } from './select.ts';

/** Install sections that Windows runs without a reference from a models section. */
const otherInstallSections = ['DefaultInstall', 'ClassInstall32'];

/** Returns the install sections for an architecture: those of its models, and class and default installs. */
export const installSections = oncePerInf((inf, arch: Arch): readonly InfSection[] => {
  const names = modelsFor(inf, arch).map((model) => model.installSection);
  const sections = [...names, ...otherInstallSections].map((name) => installSection(inf, name, arch));
  return [...new Set(sections.filter((section) => section !== undefined))];
});

/** Returns all models that can apply to an architecture, in the order of `[Manufacturer]`. */
export function modelsFor(inf: Inf, arch: Arch): Model[] {
  return sectionsForArch(inf, arch).flatMap(({ models }) => models);
}

/** Returns the `[DefaultInstall]` sections, plain or decorated, which install a driver without a device. */
export function defaultInstalls({ sections }: Inf): InfSection[] {
  return [...sections.values()].filter(({ name }) => {
    const [, base, decoration] = /^(DefaultInstall)(?:\.(.*))?$/i.exec(name) ?? [];
    return base !== undefined && (decoration === undefined || parseDecoration(decoration) !== undefined);
  });
}

/** Returns the architectures that an INF installs on: those of its models, or of its `[DefaultInstall]` sections when it has no models. */
export function servedArchs(inf: Inf): Arch[] {
  const ofModels = (['amd64', 'x86', 'ARM64'] as const).filter((arch) => modelsFor(inf, arch).length > 0);
  if (ofModels.length > 0) return ofModels;
  const decorations = defaultInstalls(inf).map(({ name }) => name.split('.').slice(1).join('.'));
  const named = decorations.map((decoration) => parseDecoration(decoration)?.arch);
  return (['amd64', 'x86', 'ARM64'] as const).filter((arch) => named.includes(archFacts[arch].inf));
}

/** Returns the install section that Windows selects for a name: the first of `S.NT<arch>`, `S.NT` and `S` (DDInstall). */
export function installSection(inf: Inf, name: string, arch: Arch): InfSection | undefined {
  const suffixes = [`.NT${archFacts[arch].inf}`, '.NT', ''];
  return suffixes.map((suffix) => infSection(inf, name + suffix)).find((section) => section !== undefined);
}

/** Returns the sections that define or change a setup class (Microsoft, "INF ClassInstall32 Section"). */
export function classInstalls({ sections }: Inf): InfSection[] {
  return [...sections.values()].filter(({ name }) => /^ClassInstall32(\.nt\w*)?$/i.test(name));
}

/** Returns the first line that installs a co-installer, even with empty lists (InfVerif 1300 and 1303). */
export function coInstallerLine(inf: Inf): number | undefined {
  const lines = [...inf.sections].flatMap(([name, section]) => [
    ...(name.endsWith('.coinstallers') ? section.lines : []),
    ...infEntries(inf, name)
      .filter(({ key, values }) => key === undefined && values[2]?.toLowerCase() === 'coinstallers32')
      .map(({ line }) => line),
  ]);
  return lines.sort((a, b) => a - b)[0];
}

/** One `AddService`; `name` is empty for the null driver (`AddService = ,2`). Malformed numbers are absent. */
export interface InfService {
  readonly name: string;
  readonly line: number;
  /** Bit 0x2 marks the device's function driver. */
  readonly flags: number;
  /** The service-install section; absent for the null driver. */
  readonly section?: string;
  /** 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled. */
  readonly start?: number;
  readonly type?: number;
  readonly errorControl?: number;
  /** As written, with its directory number: `%12%\viostor.sys`. */
  readonly binary?: string;
  readonly loadOrderGroup?: string;
}

/** Returns the services that the architecture's install sections and their `Needs` add (Microsoft, "INF AddService Directive"). */
export const infServices = oncePerInf((inf, arch: Arch): readonly InfService[] =>
  servicesOf(
    inf,
    installSections(inf, arch).map(({ name }) => name),
  ),
);

/** Returns the services that these install sections and their `Needs` add. */
export function servicesOf(inf: Inf, installs: readonly string[]): InfService[] {
  const sections = installs.map((name) => `${name}.Services`);
  const entries = withNeeded(inf, sections).flatMap(({ name }) => infEntries(inf, name, 'AddService'));
  return entries.map(({ values: [name = '', flags, section = ''], line }) => ({
    name,
    line,
    flags: infNumber(flags) ?? 0,
    ...(section !== '' && { section, ...serviceFacts(inf, section) }),
  }));
}

function serviceFacts(inf: Inf, section: string): Partial<InfService> {
  const value = (key: string) => infValue(inf, section, key)?.value;
  const [start, type, errorControl] = ['StartType', 'ServiceType', 'ErrorControl'].map((key) =>
    infNumber(value(key)),
  );
  const [binary, loadOrderGroup] = ['ServiceBinary', 'LoadOrderGroup'].map(value);
  return {
    ...(start !== undefined && { start }),
    ...(type !== undefined && { type }),
    ...(errorControl !== undefined && { errorControl }),
    ...(binary !== undefined && { binary }),
    ...(loadOrderGroup !== undefined && { loadOrderGroup }),
  };
}

/** Returns whether the service is the function driver of its device, or the null driver (SPSVCINST_ASSOCSERVICE). */
export function associatesDevice({ flags }: Pick<InfService, 'flags'>): boolean {
  return (flags & 0x2) !== 0;
}

/** Returns whether the service is a driver rather than a program (SERVICE_KERNEL_DRIVER, SERVICE_FILE_SYSTEM_DRIVER). */
export function isDriverService({ type }: Pick<InfService, 'type'>): boolean {
  return type === 1 || type === 2;
}

/** Returns the path in a `ServiceBinary` without arguments: `%11%\\svchost.exe` of `%11%\\svchost.exe -k netsvcs`. */
export function servicePath(binary: string): string {
  const command = binary.trim();
  const [, quoted] = /^"([^"]*)"/.exec(command) ?? [];
  const [program] = /^.*?\.(?:exe|sys|dll)(?=\s|$)/i.exec(command) ?? [];
  return quoted ?? program ?? command;
}

/** Returns the file name in a `ServiceBinary`, without folders and arguments. */
export function serviceFile(binary: string): string {
  return servicePath(binary).split(/[\\/]/).at(-1) ?? '';
}

/** Lower-case guest folders by directory number (Microsoft, "Using Dirids"). */
const knownFolders: Readonly<Record<number, string>> = {
  10: '%windir%',
  11: '%windir%\\system32',
  12: '%windir%\\system32\\drivers',
  17: '%windir%\\inf',
};

/**
 * Returns the destination folder of a `CopyFiles` list (undefined for `@file`) from its entry in `[DestinationDirs]` or `DefaultDestDir`,
 * in the form of `guestPath`; the system folder without an entry, undefined when it cannot be resolved.
 */
export function destinationFolder(inf: Inf, list: string | undefined): string | undefined {
  const entry = destinationEntry(inf, list);
  if (entry === undefined) return knownFolders[11];
  const dirid = infNumber(entry?.values[0]);
  return dirid === undefined ? undefined : guestPath(`%${dirid}%\\${entry?.values[1] ?? ''}`);
}

/** Returns the line of `[DestinationDirs]` that applies to a list of files, or to `@file`. */
export function destinationEntry(inf: Inf, list: string | undefined): InfEntry | undefined {
  const own = list === undefined ? undefined : infEntries(inf, 'DestinationDirs', list)[0];
  return own ?? infEntries(inf, 'DestinationDirs', 'DefaultDestDir')[0];
}

/** Normalises a path that begins with a directory number, such as `%12%\viostor.sys`: lower case, equivalent numbers merged; undefined for other paths. */
export function guestPath(path: string): string | undefined {
  const [, dirid, rest = ''] = /^%(\d{1,10})%(?:[\\/]+(.*))?$/.exec(path.trim().toLowerCase()) ?? [];
  if (dirid === undefined) return undefined;
  const folder = knownFolders[Number(dirid)] ?? `%${Number(dirid)}%`;
  return [folder, ...rest.split(/[\\/]+/).filter((name) => name !== '')].join('\\');
}
