import { nameOf } from '../../core/paths.ts';
import { namedFiles } from '../../formats/inf/files.ts';
import { coInstallerLine } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';
import type { PackageFacts } from '../package-facts.ts';

export const infStaleCoInstaller = defineRule({
  id: 'inf/stale-co-installer',
  severity: 'warning',
  scope: 'package',
  explain: `The INF brings a KMDF co-installer (WdfCoInstaller…dll) of another version than the KmdfLibraryVersion that the driver asks for, or brings one for Windows 8.1 or later and does not even install it (where it does, inf/co-installer or inf/refused-co-installer says so).
With an older one Windows may refuse the driver for want of its framework; from Windows 8.1 on the framework is part of Windows, and Windows 10 and later reject co-installers in new packages.
Ship the co-installer of the framework that the driver was built with, and none from Windows 8.1 on.`,
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
          hint: 'ship the one that the driver was built with, or none from 8.1 on',
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
    return isInstalled ? undefined : `brings ${name}, and ${row?.windows} has the framework itself`;
  }
  const wanted = [...parsed.sections.values()].flatMap(
    ({ byKey }) => byKey.get('kmdflibraryversion')?.[0]?.values[0] ?? [],
  );
  const other = wanted.find((library) => library !== version);
  return other === undefined
    ? undefined
    : `brings KMDF ${version} (${name}), and its driver asks for ${other}`;
}
