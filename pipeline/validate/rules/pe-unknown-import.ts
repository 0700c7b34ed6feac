import { nameOf } from '../../core/paths.ts';
import { isKernelModule, isUserModeLibrary } from '../../formats/windows/kernel-modules.ts';
import { defineRule } from '../define.ts';
import { serviceDrivers } from '../driver-needs.ts';

export const peUnknownImport = defineRule({
  id: 'pe/unknown-import',
  severity: 'warning',
  scope: 'tree',
  explain: `A driver imports from a module that is not known to be part of Windows, and no file of the disc has that name.
If the guest does not have the module from elsewhere, Windows does not load the driver (Code 39, STATUS_OBJECT_NAME_NOT_FOUND).
Add the module to the package that needs it, and to its INF; if it is part of Windows, accept the finding with that reason.`,
  check: ({ facts, packages }) => {
    const names = new Set([...facts.keys()].map((path) => nameOf(path).toLowerCase()));
    const drivers = new Map(packages.flatMap(serviceDrivers).map((driver) => [driver.path, driver]));
    return [...drivers.values()].flatMap(({ path, facts: { imports = [] } }) =>
      imports
        .filter(({ library }) => !names.has(library.toLowerCase()))
        .filter(({ library }) => !isKernelModule(library) && !isUserModeLibrary(library))
        .map(({ library }) => ({
          path,
          message: `imports ${library}, which is not known to be part of Windows and not on the disc`,
          hint: 'add the module to the package and to its INF',
        })),
    );
  },
});
