import { nameOf } from '../../core/paths.ts';
import { someOf } from '../../core/text.ts';
import type { PeImport } from '../../formats/pe/imports.ts';
import {
  isKernelModule,
  isUserModeLibrary,
  lacksKernelFunction,
  nearKernelFunction,
} from '../../formats/windows/kernel-modules.ts';
import { defineRule } from '../define.ts';
import { serviceDrivers } from '../driver-needs.ts';

export const peUnknownImport = defineRule({
  id: 'pe/unknown-import',
  severity: 'warning',
  scope: 'tree',
  explain: `A driver imports from a module that is not known to be part of Windows, and no file of the disc has that name; or it imports a function that a module of Windows is not known to export.
If the guest does not have the module from elsewhere, or its Windows lacks the function, Windows does not load the driver (Code 39, STATUS_OBJECT_NAME_NOT_FOUND or STATUS_DRIVER_ENTRYPOINT_NOT_FOUND).
Add the module to the package that needs it, and to its INF; take a driver with a misspelled function from its source again. If module or function is part of Windows, accept the finding with that reason: functions are those of the reference of device driver interfaces, Microsoft's kits up to Windows 11, ReactOS, mingw-w64 and Geoff Chappell's studies of the kernel's exports.`,
  check: ({ facts, packages }) => {
    const names = new Set([...facts.keys()].map((path) => nameOf(path).toLowerCase()));
    const drivers = new Map(packages.flatMap(serviceDrivers).map((driver) => [driver.path, driver]));
    return [...drivers.values()].flatMap(({ path, facts: { imports = [] } }) =>
      imports
        .filter(({ library }) => !names.has(library.toLowerCase()))
        .flatMap((imported) => [...unknownModule(imported), ...unknownFunctions(imported)])
        .map((found) => ({ path, ...found })),
    );
  },
});

function unknownModule({ library }: PeImport) {
  if (isKernelModule(library) || isUserModeLibrary(library)) return [];
  return [
    {
      message: `imports ${library}, which is not known to be part of Windows and not on the disc`,
      hint: 'add the module to the package and to its INF',
    },
  ];
}

function unknownFunctions({ library, functions }: PeImport) {
  const unknown = functions.filter((name) => lacksKernelFunction(library, name));
  const [first] = unknown;
  if (first === undefined) return [];
  const near = nearKernelFunction(library, first);
  return [
    {
      message: `imports ${someOf(unknown)} of ${library}, which is not known to export ${unknown.length === 1 ? 'it' : 'them'}`,
      hint:
        near === undefined
          ? 'build the driver with functions that its Windows has'
          : `take the driver from its source again: the nearest function of ${library} is ${near}`,
    },
  ];
}
