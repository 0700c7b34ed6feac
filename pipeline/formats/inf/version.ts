import { systemClasses } from '../windows/setup-classes.ts';
import type { Arch } from '../windows/targets.ts';
import { type Inf, type InfEntry, type InfValue, infEntries, infSection, infValue } from './inf.ts';
import { installSection, modelsFor } from './install.ts';
import { infNumber } from './lines.ts';

/** `DriverVer` as written, trimmed; `date` (YYYY-MM-DD) and `version` are absent when malformed. */
export interface DriverVersion {
  readonly raw: string;
  readonly line: number;
  readonly date?: string;
  readonly version?: string;
}

/** The values of `[Version]`, with strings expanded. */
export interface VersionFacts {
  readonly signature?: string;
  readonly class?: string;
  readonly classGuid?: string;
  readonly provider?: string;
  readonly pnpLockdown: boolean;
}

/** A GUID as INFs write it. */
export const guidPattern = /^\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i;

/** Returns the date and the version of a `DriverVer` as written, trimmed; the version is absent where there is no comma. */
export function driverVerParts(driverVer: string): readonly string[] {
  return driverVer.split(',').map((part) => part.trim());
}

/** Returns whether the INF extends the driver of another INF (Microsoft, "Using an Extension INF File"). */
export function isExtension(inf: Inf): boolean {
  const { class: className = '', classGuid = '' } = versionFacts(inf);
  return (systemClasses.get(classGuid) ?? className).toLowerCase() === 'extension';
}

/** Returns the single values of `[Version]`; `classGuid` in lower case. */
export function versionFacts(inf: Inf): VersionFacts {
  const value = (key: string) => infValue(inf, 'Version', key)?.value;
  const [signature, className, classGuid, provider] = ['Signature', 'Class', 'ClassGuid', 'Provider'].map(
    value,
  );
  return {
    ...(signature !== undefined && { signature }),
    ...(className !== undefined && { class: className }),
    ...(classGuid !== undefined && { classGuid: classGuid.toLowerCase() }),
    ...(provider !== undefined && { provider }),
    pnpLockdown: infNumber(value('PnpLockdown')) === 1,
  };
}

/**
 * Returns the `DriverVer` of the architecture's first install section, else of `[Version]`; without an architecture that of `[Version]`.
 * Its date is separated by `/` or `-`, its version has one to four numbers up to 65535; certified INFs have a period after them.
 */
export function driverVersion(inf: Inf, arch?: Arch): DriverVersion | undefined {
  return driverVersions(inf, arch)[0];
}

/** Returns the `DriverVer` of each install section, that of the section before that of `[Version]` (Microsoft, "INF DDInstall Section"). */
export function driverVersions(inf: Inf, arch?: Arch): DriverVersion[] {
  const general = infEntries(inf, 'Version', 'DriverVer')[0];
  if (arch === undefined) return general === undefined ? [] : [readVersion(general)];
  const sections = new Set(
    modelsFor(inf, arch).flatMap((model) => installSection(inf, model.installSection, arch) ?? []),
  );
  const used = [...sections].map(({ name }) => infEntries(inf, name, 'DriverVer')[0] ?? general);
  const entries = used.length === 0 ? [general] : used;
  return [...new Set(entries)].flatMap((entry) => (entry === undefined ? [] : readVersion(entry)));
}

function readVersion(entry: InfEntry): DriverVersion {
  const date = isoDate(entry.values[0] ?? '');
  const version = versionNumber(entry.values[1] ?? '');
  return {
    raw: entry.values.join(','),
    line: entry.line,
    ...(date !== undefined && { date }),
    ...(version !== undefined && { version }),
  };
}

/** Returns the first string whose key ends in `.devicedesc`: the driver's name in upstream's `data/info.json`. */
export function deviceName(inf: Inf): InfValue | undefined {
  for (const { key, values, line } of infSection(inf, 'Strings')?.entries ?? []) {
    if (key?.toLowerCase().endsWith('.devicedesc')) return { value: values[0] ?? '', line };
  }
  return undefined;
}

function versionNumber(text: string): string | undefined {
  const [, version] = /^(0*\d{1,5}(?:\.0*\d{1,5}){0,3})\.?$/.exec(text) ?? [];
  return version?.split('.').every((part) => Number(part) <= 0xffff) ? version : undefined;
}

/** Returns the date of a DriverVer (`MM/DD/YYYY`, or with `-`) as `YYYY-MM-DD`; undefined for anything else and for days that no month has. */
export function isoDate(text: string): string | undefined {
  const [, month, day, year] = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(text) ?? [];
  if (month === undefined || day === undefined || year === undefined) return undefined;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== iso ? undefined : iso;
}
