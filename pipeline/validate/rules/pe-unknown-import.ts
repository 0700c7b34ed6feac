import { nameOf } from '../../core/paths.ts';
import { isKernelModule, isUserModeLibrary } from '../../formats/windows/kernel-modules.ts';
import { defineRule } from '../define.ts';
import { serviceDrivers } from '../driver-needs.ts';

export const peUnknownImport = defineRule({
  id: 'pe/unknown-import',
  severity: 'warning',
  scope: 'package',
  explain: `A driver imports from a module that is not known to be part of Windows, and the INF does not install a file of that name.
If the guest does not have the module from elsewhere, Windows does not load the driver (Code 39, STATUS_OBJECT_NAME_NOT_FOUND).
Add the module to the package and to its INF; if it is part of Windows, accept the finding with that reason.`,
  check: (driverPackage) => {
    const names = new Set(driverPackage.payload.map(({ path }) => nameOf(path).toLowerCase()));
    return serviceDrivers(driverPackage).flatMap(({ path, facts: { imports = [] } }) =>
      imports
        .filter(({ library }) => !names.has(library.toLowerCase()))
        .filter(({ library }) => !isKernelModule(library) && !isUserModeLibrary(library))
        .map(({ library }) => ({
          path,
          message: `imports ${library}, which is not known to be part of Windows and not in the package`,
          hint: 'add the module to the package and to its INF',
        })),
    );
  },
});
