import { nearName } from '../../core/near-name.ts';
import type { Arch } from '../windows/targets.ts';
import { type Inf, type InfSection, infSection } from './inf.ts';
import { infServices, installSections } from './install.ts';
import { unusedSections } from './unused.ts';

/** Sections that Windows looks for by name and hardly an INF lacks ("Summary of INF Sections"). */
const expectedSections = [
  'DestinationDirs',
  'Manufacturer',
  'SourceDisksFiles',
  'SourceDisksNames',
  'Strings',
  'Version',
];

/** Returns the unused sections with almost the name of an expected section that the INF lacks. */
export function misspelledSections(inf: Inf): { readonly section: string; readonly meant: string }[] {
  const lacking = expectedSections.filter((name) => infSection(inf, name) === undefined);
  return unusedSections(inf).flatMap(({ name }) => {
    const meant = closeName(name, lacking);
    return meant === undefined ? [] : [{ section: name, meant }];
  });
}

/** A key that is almost a directive. */
export interface MisspelledDirective {
  readonly section: string;
  readonly key: string;
  readonly meant: string;
  readonly line: number;
}

/** Returns the keys of `[Version]`, install sections and services that are almost a directive of these sections. */
export function misspelledDirectives(inf: Inf, arch: Arch): MisspelledDirective[] {
  const installs = installSections(inf, arch).map(({ name }) => name);
  const services = infServices(inf, arch).flatMap(({ section }) => section ?? []);
  return [
    ...misspelledIn(inf, ['Version'], versionEntries),
    ...misspelledIn(inf, installs, installDirectives),
    ...misspelledIn(
      inf,
      installs.map((name) => `${name}.Services`),
      servicesDirectives,
    ),
    ...misspelledIn(inf, services, serviceEntries),
  ];
}

function misspelledIn(inf: Inf, names: readonly string[], known: readonly string[]): MisspelledDirective[] {
  const sections = new Set<InfSection>(names.flatMap((name) => infSection(inf, name) ?? []));
  return [...sections].flatMap(({ name, byKey }) =>
    [...byKey.values()].flatMap(([entry]) => {
      const meant = closeName(entry?.key ?? '', known);
      if (entry?.key === undefined || meant === undefined || byKey.has(meant.toLowerCase())) return [];
      return [{ section: name, key: entry.key, meant, line: entry.line }];
    }),
  );
}

/** Returns the known name that differs from a name in one or two letters; undefined for a known name. */
function closeName(name: string, known: readonly string[]): string | undefined {
  const near = nearName(name, known, 2);
  return near?.toLowerCase() === name.toLowerCase() ? undefined : near;
}

/** "INF Version Section". */
const versionEntries = [
  'CatalogFile',
  'CatalogFile.nt',
  'CatalogFile.ntamd64',
  'CatalogFile.ntarm',
  'CatalogFile.ntarm64',
  'CatalogFile.ntia64',
  'CatalogFile.ntx86',
  'Class',
  'ClassGuid',
  'DontReflectOffline',
  'DriverPackageDisplayName',
  'DriverPackageType',
  'DriverVer',
  'ExtensionId',
  'LayoutFile',
  'PnpLockdown',
  'Provider',
  'Signature',
];

/** "INF DDInstall Section". */
const installDirectives = [
  'AddProperty',
  'AddReg',
  'BitReg',
  'CopyFiles',
  'CopyINF',
  'DelFiles',
  'DelProperty',
  'DelReg',
  'DriverVer',
  'FeatureScore',
  'Include',
  'Ini2Reg',
  'LogConfig',
  'Needs',
  'ProfileItems',
  'Reboot',
  'RegisterDlls',
  'RenFiles',
  'Restart',
  'UnregisterDlls',
  'UpdateIniFields',
  'UpdateInis',
];

/** "INF DDInstall.Services Section". */
const servicesDirectives = ['AddService', 'DelService', 'Include', 'Needs'];

/** "INF AddService Directive". */
const serviceEntries = [
  'AddReg',
  'AddTrigger',
  'BitReg',
  'BootFlags',
  'DelayedAutoStart',
  'DelReg',
  'Dependencies',
  'Description',
  'DisplayName',
  'ErrorControl',
  'FailureActions',
  'LoadOrderGroup',
  'RequiredPrivileges',
  'Security',
  'ServiceBinary',
  'ServiceSidType',
  'ServiceType',
  'StartName',
  'StartType',
];
