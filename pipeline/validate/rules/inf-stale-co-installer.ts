import { nameOf } from '../../core/paths.ts';
import { namedFiles } from '../../formats/inf/files.ts';
import { coInstallerLine } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';
import type { PackageFacts } from '../package-facts.ts';

export const infStaleCoInstaller = defineRule({
  id: 'inf/stale-co-installer',
  severity: 'warning',
  scope: 'package',
  explain: `The INF ships a KMDF co-installer (WdfCoInstaller…dll) of another version than its KmdfLibraryVersion, or ships one for Windows 8.1 or later without installing it (inf/co-installer and inf/refused-co-installer report installed ones).
With an older co-installer Windows may reject the driver because its framework is missing; since Windows 8.1 the framework is part of Windows, and Windows 10 and later reject co-installers in new packages.
Ship the co-installer of the framework that the driver was built with, and none since Windows 8.1.`,
  check: (driverPackage) => {
    const { inf, parsed, target } = driverPackage;
    return namedFiles(parsed, target.arch).flatMap(({ name, line }) => {
      const message = whyStale(driverPackage, nameOf(name));
      if (message === undefined) return [];
      return [
        {
          path: inf,
          line,
          message,
          hint: 'ship the one that the driver was built with, or none since Windows 8.1',
        },
      ];
    });
  },
});

function whyStale({ parsed, row }: PackageFacts, name: string): string | undefined {
  const [, major, minor] = /^WdfCoInstaller(\d{2})(\d{3})\.dll$/i.exec(name) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const version = `${Number(major)}.${Number(minor)}`;
  const [ntMajor = 0, ntMinor = 0] = row?.version.split('.').map(Number) ?? [];
  if (ntMajor > 6 || (ntMajor === 6 && ntMinor >= 3)) {
    const isInstalled = coInstallerLine(parsed) !== undefined;
    return isInstalled ? undefined : `ships ${name}, but the framework is part of ${row?.windows}`;
  }
  const wanted = [...parsed.sections.values()].flatMap(
    ({ byKey }) => byKey.get('kmdflibraryversion')?.[0]?.values[0] ?? [],
  );
  const other = wanted.find((library) => library.split('.').map(Number).join('.') !== version);
  return other === undefined
    ? undefined
    : `ships KMDF ${version} (${name}), but its driver requires ${other}`;
}
