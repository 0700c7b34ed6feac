import { groupBy } from '../../core/group-by.ts';
import { nameOf } from '../../core/paths.ts';
import { someOf } from '../../core/text.ts';
import type { PeImport } from '../../formats/pe/imports.ts';
import {
  isKernelModule,
  isUserModeLibrary,
  lacksKernelFunction,
  nearKernelFunction,
} from '../../formats/windows/kernel-modules.ts';
import { compareNtVersions } from '../../formats/windows/nt-version.ts';
import { defineRule } from '../define.ts';
import { serviceDrivers } from '../driver-needs.ts';
import type { PackageFacts } from '../package-facts.ts';

export const peUnknownImport = defineRule({
  id: 'pe/unknown-import',
  severity: 'warning',
  scope: 'tree',
  explain: `A driver imports from a module that is not known to be part of Windows, and no file of the disc has that name; or it imports a function that a module of Windows is not known to export.
If the guest does not have the module from elsewhere, or its Windows lacks the function, Windows does not load the driver (Code 39, STATUS_OBJECT_NAME_NOT_FOUND or STATUS_DRIVER_ENTRYPOINT_NOT_FOUND).
Add the module to the package that needs it, and to its INF; take a driver with a misspelled function from its source again. If module or function is part of Windows, accept the finding with that reason: functions are those of the reference of device driver interfaces, Microsoft's kits, ReactOS, mingw-w64 and Geoff Chappell's studies of the kernel's exports. Those of Windows 11 are not all known: for it, only a name that resembles a known one is reported.`,
  check: ({ facts, packages }) => {
    const names = new Set([...facts.keys()].map((path) => nameOf(path).toLowerCase()));
    const drivers = new Map(packages.flatMap(serviceDrivers).map((driver) => [driver.path, driver]));
    const ofKnownWindows = new Set(
      packages
        .filter(isKnownWindows)
        .flatMap(serviceDrivers)
        .map(({ path }) => path),
    );
    return [...drivers.values()].flatMap(({ path, facts: { imports = [] } }) =>
      oncePerModule(imports)
        .filter(({ library }) => !names.has(library.toLowerCase()))
        .flatMap((imported) => [
          ...unknownModule(imported),
          ...unknownFunctions(imported, ofKnownWindows.has(path)),
        ])
        .map((found) => ({ path, ...found })),
    );
  },
});

/** A hostile file can name one module a thousand times. */
function oncePerModule(imports: readonly PeImport[]): PeImport[] {
  return [...groupBy(imports, ({ library }) => library.toLowerCase()).values()].map((same) => ({
    library: same[0]?.library ?? '',
    functions: same.flatMap(({ functions }) => functions),
  }));
}

/** Up to Windows 10, whose last kernel is that of version 2004, the sources have all functions of the kernel. */
function isKnownWindows({ row }: PackageFacts): boolean {
  return row !== undefined && compareNtVersions(row.version, '10.0.19045') <= 0;
}

function unknownModule({ library }: PeImport) {
  if (isKernelModule(library) || isUserModeLibrary(library)) return [];
  return [
    {
      message: `imports ${library}, which is not known to be part of Windows and not on the disc`,
      hint: 'add the module to the package and to its INF',
    },
  ];
}

/** Each is compared with thousands of names. */
const maxCompared = 25;

function unknownFunctions({ library, functions }: PeImport, isKnown: boolean) {
  const lacking = [...new Set(functions)].filter((name) => lacksKernelFunction(library, name));
  const unknown = isKnown
    ? lacking
    : lacking.slice(0, maxCompared).filter((name) => isMisspelled(library, name));
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

/** A new function often has the name of an old one with a suffix (`IoGetIommuInterfaceEx`, `KeCancelTimer2`), or with Zw for Nt. */
function isMisspelled(library: string, name: string): boolean {
  const relatives = [name.replace(/(Ex)?\d*$/, ''), name.replace(/^Zw/, 'Nt'), name.replace(/^Nt/, 'Zw')];
  const isKnown = relatives.some((relative) => !lacksKernelFunction(library, relative));
  return !isKnown && nearKernelFunction(library, name) !== undefined;
}
