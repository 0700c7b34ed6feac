import { copiesOf } from '../../formats/inf/files.ts';
import { headerLine } from '../../formats/inf/inf.ts';
import { defaultInstalls, destinationEntry, installSections } from '../../formats/inf/install.ts';
import { infNumber } from '../../formats/inf/lines.ts';
import type { PackageRule } from '../define.ts';
import { driverStore } from '../driver-store.ts';
import type { PackageFacts } from '../package-facts.ts';

/** Folders below %SystemRoot% ("Using Dirids"). */
const windowsFolders: ReadonlySet<number> = new Set([10, 11, 12, 13, 17, 18, 20, 21, 23, 50, 51, 52, 55]);

const notIsolated: PackageRule = {
  id: 'infverif/not-isolated',
  severity: 'info',
  scope: 'package',
  explain: `The INF copies a file elsewhere than to the driver store (InfVerif 1322).
Windows installs it; a Windows Driver must run all its files from the store.
Copy the file to 13, for Windows 10 1709 and later.`,
  check: (driverPackage) =>
    destinations(driverPackage)
      .filter(({ dirid }) => dirid !== undefined && dirid !== driverStore.dirid)
      .map(({ file, dirid, line }) => ({
        path: driverPackage.inf,
        line,
        message: `copies "${file}" to ${dirid}, not to the driver store (13)`,
        hint: 'copy the file to 13, for Windows 10 1709 and later',
      })),
};

const outsideWindows: PackageRule = {
  id: 'infverif/outside-windows',
  severity: 'info',
  scope: 'package',
  explain: `The INF copies a file outside the folder of Windows (InfVerif 1306).
Windows installs it on desktop editions; a universal INF must not do it.
Copy the file to 13.`,
  check: (driverPackage) =>
    destinations(driverPackage)
      .filter(({ dirid }) => dirid !== undefined && !windowsFolders.has(dirid))
      .map(({ file, dirid, line }) => ({
        path: driverPackage.inf,
        line,
        message: `copies "${file}" to ${dirid}, which is not below %SystemRoot%`,
        hint: 'copy the file to 13, for Windows 10 1709 and later',
      })),
};

const undecoratedDefaultInstall: PackageRule = {
  id: 'infverif/undecorated-default-install',
  severity: 'info',
  scope: 'package',
  explain: `[DefaultInstall] has no decoration with an architecture (InfVerif 1421).
Windows processes it on every architecture; a universal INF needs one.
Write [DefaultInstall.NTamd64].`,
  check: ({ inf, parsed }) =>
    defaultInstalls(parsed)
      .filter(({ name }) => !/\.nt(x86|amd64|arm|arm64|ia64)/i.test(name))
      .map((section) => ({
        path: inf,
        ...headerLine(section),
        message: `[${section.name}] has no architecture`,
        hint: 'write the architecture, as in [DefaultInstall.NTamd64]',
      })),
};

/** Checks of InfVerif that say nothing about a driver for desktop editions, so that only `--infverif` runs them. */
export const infVerifRules: readonly PackageRule[] = [notIsolated, outsideWindows, undecoratedDefaultInstall];

function destinations({ parsed, target: { arch } }: PackageFacts) {
  const installs = installSections(parsed, arch).map(({ name }) => name);
  return copiesOf(parsed, arch, installs).map(({ target, list, line }) => ({
    file: target,
    dirid: infNumber(destinationEntry(parsed, list)?.values[0]),
    line,
  }));
}
