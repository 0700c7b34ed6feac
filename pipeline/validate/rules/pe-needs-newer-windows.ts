import { compareNtVersions, newestBuild } from '../../formats/windows/nt-version.ts';
import { defineRule } from '../define.ts';
import { packageDrivers } from '../driver-needs.ts';

export const peNeedsNewerWindows = defineRule({
  id: 'pe/needs-newer-windows',
  severity: 'error',
  scope: 'package',
  explain: `A driver takes something from Windows that the Windows of its folder does not have: it imports a module or a function of a later version, or was built for a later version of the Windows Driver Frameworks (KMDF, UMDF) that no co-installer brings to it.
Windows installs the package, but does not load the driver (Code 39, STATUS_DRIVER_ENTRYPOINT_NOT_FOUND, or Code 31); a guest with its disk on this driver does not boot.
Use the build for this Windows. The versions are those of "KMDF version history", "UMDF version history", "Storage port drivers", and "Minimum supported client" in the reference of device driver interfaces; not every function of Windows is in the table.`,
  check: (driverPackage) => {
    const { row } = driverPackage;
    if (row === undefined) return [];
    return packageDrivers(driverPackage).flatMap(({ path, line, needs: [need] }) => {
      if (need === undefined || compareNtVersions(need.since, newestBuild(row.version)) <= 0) return [];
      return [
        {
          path,
          ...(line !== undefined && { line }),
          message: `${need.what}, but its folder is for ${row.windows}`,
          hint: `use the build for ${row.windows}`,
        },
      ];
    });
  },
});
