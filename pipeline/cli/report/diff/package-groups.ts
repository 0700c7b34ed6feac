import prettyBytes from 'pretty-bytes';
import { groupBy } from '../../../core/group-by.ts';
import { nameOf } from '../../../core/paths.ts';
import { printable, someOf } from '../../../core/text.ts';
import {
  type Comparison,
  type FileChange,
  type PackageChange,
  packageChanges,
  type ValueChange,
} from '../../../diff/comparison-schema.ts';
import { driverVerParts, isoDate } from '../../../formats/inf/version.ts';
import type { TargetRow } from '../../../manifest/targets-schema.ts';
import { byRow, windowsNames } from './windows-names.ts';

/** Packages of a driver that changed in the same way, for several Windows. */
export interface PackageGroup {
  readonly change: PackageChange['change'];
  /** `viostor (viostor.inf)` */
  readonly driver: string;
  /** `1.2 (2025-01-02) -> 1.3 (2026-01-02)` */
  readonly version: string;
  readonly windows: string;
  /** Begin with `+` for what is new, `-` for what is gone, `~` for what differs. */
  readonly details: readonly string[];
}

/** Groups packages that changed in the same way, in the order of the kinds of changes, then by driver. */
export function packageGroups(
  { packages, notCompared }: Comparison,
  targets: readonly TargetRow[],
): PackageGroup[] {
  const knowsInstall = !notCompared.includes('install');
  const order = byRow(targets);
  const described = packages
    .map((found) => ({
      found,
      target: `${found.target.os}/${found.target.arch}`,
      driver: driverOf(found),
      version: versionOf(found),
      details: detailsOf(found, knowsInstall),
    }))
    .sort(order);
  const groups = groupBy(described, ({ found, driver, version, details }) =>
    [found.change, driver, version, ...details].join('\0'),
  );
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { found, driver, version, details } = first;
      const windows = windowsNames(
        group.map(({ target }) => target),
        targets,
      );
      const sizes = sizesOf(group.map(({ found: { bytes } }) => bytes));
      return [
        { change: found.change, driver, version, windows, details: [...details, ...sizes].map(printable) },
      ];
    })
    .sort((a, b) => packageChanges.indexOf(a.change) - packageChanges.indexOf(b.change));
}

function driverOf({ driver, inf }: PackageChange): string {
  return printable(`${driver} (${nameOf(inf.to ?? inf.from ?? '')})`);
}

function versionOf({ driverVer: { from, to } }: PackageChange): string {
  const [old, now] = [from, to].map((text) => (text === undefined ? undefined : versionText(text)));
  return printable(
    [old, now].filter((text, index, all) => text !== undefined && all.indexOf(text) === index).join(' -> '),
  );
}

/** Returns `0.1.0.1 (2026-01-02)` for `01/02/2026,0.1.0.1`. */
function versionText(driverVer: string): string {
  const [date = '', version = ''] = driverVerParts(driverVer);
  return `${version} (${isoDate(date) ?? date})`;
}

function detailsOf(found: PackageChange, knowsInstall: boolean): string[] {
  const { change, facts, hardwareIds, install, files, outranked } = found;
  const isNewVersion = change === 'upgraded' || change === 'downgraded';
  const isWhole = change === 'added' || change === 'removed';
  // Each build signs again, and replaces the files.
  const shown = facts.filter(({ name }) =>
    isWhole ? wholeFacts.has(name) : !isNewVersion || name !== 'timestamp',
  );
  const changed = files.filter(({ from, to }) => !isNewVersion || from === undefined || to === undefined);
  const sameInstall = knowsInstall && Object.values(install).every((list) => list.length === 0);
  return [
    ...(outranked ? [outrankedText(change)] : []),
    ...shown.map((fact) => (isWhole ? `  ${fact.name}: ${fact.to ?? fact.from}` : changeLine('', fact))),
    ...hardwareIds.lost.map((id) => `- hardware ID ${id}`),
    ...hardwareIds.gained.map((id) => `+ hardware ID ${id}`),
    ...install.services.map((service) => changeLine('service ', service)),
    ...install.registry.map((entry) => changeLine('registry, ', entry)),
    ...install.files.map((copy) => changeLine('installs ', copy)),
    ...changed.map((file) => fileLine(file, sameInstall)),
  ];
}

function fileLine({ path, from, to, signatureOnly }: FileChange, sameInstall: boolean): string {
  if (from === undefined) return `+ file ${path}`;
  if (to === undefined) return `- file ${path}`;
  if (signatureOnly) return `~ file ${path}: only its signature`;
  return `~ file ${path}${sameInstall && /\.inf$/i.test(path) ? ': what it installs is the same' : ''}`;
}

const wholeFacts: ReadonlySet<string> = new Set(['signature', 'loads']);

function outrankedText(change: PackageChange['change']): string {
  const kept = change === 'upgraded' ? 'keeps the driver of OLD' : 'prefers the driver of NEW';
  return `~ the later version has the earlier date: Windows compares dates first and ${kept}`;
}

function changeLine(prefix: string, { name, from, to }: ValueChange): string {
  if (from === undefined) return `+ ${prefix}${name}: ${to}`;
  if (to === undefined) return `- ${prefix}${name}: ${from}`;
  return `~ ${prefix}${name}: ${from} -> ${to}`;
}

/** Returns the sizes of the packages where they differ, each pair once. */
function sizesOf(bytes: readonly PackageChange['bytes'][]): string[] {
  const pairs = bytes.flatMap(({ from, to }) => {
    if (from === undefined || to === undefined || from === to) return [];
    const [old, now] = [prettyBytes(from), prettyBytes(to)];
    return old === now ? [] : [`${old} -> ${now}`];
  });
  const once = [...new Set(pairs)];
  return once.length === 0 ? [] : [`~ size: ${someOf(once)}`];
}
