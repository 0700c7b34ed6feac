import compare from 'semver/functions/compare.js';
import patch from 'semver/functions/patch.js';
import { byCodeUnit } from '../core/order.ts';
import { driverVerParts } from '../formats/inf/version.ts';
import { isLoadedAsInstalled } from '../formats/windows/signing-policy.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import type { DriverFacts } from '../model/driver-facts.ts';
import { ascii } from '../model/signature-words.ts';
import { targetPath } from '../model/target.ts';
import { installCommands } from './install-commands.ts';

/**
 * Returns the disc's install.cmd, which installs the drivers for the Windows that runs it, by `pnputil` or, in Windows PE, `drvload`; with `/image`, for one that does not run, by DISM.
 * It compares build numbers, as no version string is the same for all; the table at its end comes from the layout of the disc. CRLF, ASCII.
 */
export function installScript(
  { label, targets }: Pick<Manifest, 'label' | 'targets'>,
  drivers: readonly DriverFacts[],
): string {
  const names = [...new Set(drivers.map(({ driver }) => driver))].sort(byCodeUnit);
  const tables = names.map((name) => driverTable(name, targets, drivers));
  return [installCommands(label, names), ...tables, 'exit /b 0\n']
    .join('')
    .replace(/[^\n\x20-\x7e]/g, '?')
    .replaceAll('\n', '\r\n');
}

/** Returns the lines of a driver: the Windows that it is for, oldest first, and its INFs. */
function driverTable(name: string, targets: readonly TargetRow[], drivers: readonly DriverFacts[]): string {
  const own = drivers.filter(({ driver }) => driver === name);
  const rows = targets
    .filter((row) => own.some(({ target }) => targetPath(target) === targetPath(row)))
    .toSorted((a, b) => compare(a.version, b.version));
  const lines = [
    `driver ${name}`,
    ...rows.map(({ os, arch, product, version }) => `target ${os} ${arch} ${product} ${builds(version)}`),
    ...own.flatMap(({ target, inf, driverVer, loads }) => {
      if (!rows.some((row) => targetPath(row) === targetPath(target))) return [];
      const version = ascii(driverVerParts(driverVer ?? '')[1] || '-').replace(/[^\w.-]/g, '?');
      const when = isLoadedAsInstalled(loads) ? 'yes' : (loads ?? 'never');
      return [`inf ${target.os} ${target.arch} "${windowsPath(inf)}" ${version} ${when}`];
    }),
    'end',
  ];
  return lines.map((line) => `call :${line}\n`).join('');
}

/** A path as `call` takes it, which expands percent signs twice. */
function windowsPath(path: string): string {
  return path.replaceAll('/', '\\').replaceAll('%', '%%%%');
}

/** First builds of NT versions. A driver is for the builds from its own on until the next NT version begins. */
const firstBuilds = [2600, 3790, 6000, 7600, 9200, 9600, 10240];

function builds(version: string): string {
  const first = patch(version);
  return `${first} ${(firstBuilds.find((build) => build > first) ?? 100_000) - 1}`;
}
