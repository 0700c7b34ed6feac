import { nameOf } from '../../core/paths.ts';
import { selectModels } from '../../formats/inf/select.ts';
import { compareNtVersions, newestBuild, windowsNameOf } from '../../formats/windows/nt-version.ts';
import { wdfRelease } from '../../formats/windows/wdf-versions.ts';
import type { TargetRow } from '../../manifest/targets-schema.ts';
import { guestOf } from '../../model/target.ts';
import { defineRule, type Violation } from '../define.ts';
import { type PackageDriver, packageDrivers } from '../driver-needs.ts';
import type { PackageFacts } from '../package-facts.ts';

export const peNeedsUpdate = defineRule({
  id: 'pe/needs-update',
  severity: 'warning',
  scope: 'package',
  explain: `A driver loads on an updated Windows only: it needs a later build of the Windows of its folder than the INF installs it on, or a later version of the Windows Driver Frameworks (KMDF, UMDF) than this Windows includes, without its co-installer (WdfCoInstaller01011.dll for KMDF 1.11, WUDFUpdate_01011.dll for UMDF 1.11).
On other guests Windows installs the package, but does not load the driver (Code 31 or 39).
Limit the INF to the build that the driver needs (NTamd64.10.0...19041), build the driver for an earlier framework (KMDF_VERSION_MINOR, KMDF_MINIMUM_VERSION_REQUIRED), or add the co-installer ("KMDF version history", "Redistributable framework components").`,
  check: (driverPackage) => {
    const { row } = driverPackage;
    if (row === undefined) return [];
    return packageDrivers(driverPackage).flatMap((file) => [
      ...neededBuild(driverPackage, row, file),
      ...neededFramework(driverPackage, row, file),
    ]);
  },
});

function neededBuild(
  driverPackage: PackageFacts,
  row: TargetRow,
  { path, line, needs: [need] }: PackageDriver,
): Violation[] {
  if (need === undefined || compareNtVersions(need.since, row.version) <= 0) return [];
  if (compareNtVersions(need.since, newestBuild(row.version)) > 0) return [];
  const offered = selectModels(driverPackage.parsed, guestOf(row)).some(({ models }) => models.length > 0);
  if (!offered) return [];
  return [
    {
      path,
      ...(line !== undefined && { line }),
      message: `${need.what}, but the INF installs it on ${row.windows} from build ${row.version.split('.')[2]} on`,
      hint: `limit the INF to build ${need.since.split('.')[2]} and later, or build the driver for earlier ones`,
    },
  ];
}

function neededFramework({ payload }: PackageFacts, row: TargetRow, { path, line, wdf }: PackageDriver) {
  const release = wdf === undefined ? undefined : wdfRelease(wdf);
  if (wdf === undefined || release === undefined) return [];
  const newest = newestBuild(row.version);
  if (compareNtVersions(release.included, newest) <= 0 || compareNtVersions(release.runs, newest) > 0)
    return [];
  const minor = Number(wdf.version.split('.')[1]);
  const coInstaller = coInstallers[wdf.framework];
  if (payload.some(({ path: file }) => minorOf(nameOf(file), coInstaller) >= minor)) return [];
  return [
    {
      path,
      ...(line !== undefined && { line }),
      message: `is built for ${wdf.framework} ${wdf.version}, which ${windowsNameOf(release.included)} includes first, and the package has no co-installer that brings it to ${row.windows}`,
      hint: `add ${coInstaller}01${String(minor).padStart(3, '0')}.dll, or build the driver for the framework of ${row.windows}`,
    },
  ];
}

/** Their files are named after the version: `WdfCoInstaller01011.dll`, `WUDFUpdate_01011.dll`. */
const coInstallers = { KMDF: 'WdfCoInstaller', UMDF: 'WUDFUpdate_' } as const;

/** The minor version of a framework that a co-installer brings; -1 for another file. */
function minorOf(name: string, coInstaller: string): number {
  const lower = name.toLowerCase();
  const [, minor] = /01(\d{3})(?:_chk)?\.dll$/.exec(lower) ?? [];
  return minor === undefined || !lower.startsWith(coInstaller.toLowerCase()) ? -1 : Number(minor);
}
