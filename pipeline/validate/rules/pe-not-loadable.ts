import { isUserModeLibrary } from '../../formats/windows/kernel-modules.ts';
import { defineRule } from '../define.ts';
import { serviceDrivers } from '../driver-needs.ts';
import type { FileFacts } from '../facts.ts';

export const peNotLoadable = defineRule({
  id: 'pe/not-loadable',
  severity: 'error',
  scope: 'package',
  explain: `The binary of a service is not a kernel driver: its subsystem is not native, it has no entry point, its sections overlap, its imports are damaged, or it imports a library of user mode, such as kernel32.dll.
No Windows loads it (STATUS_INVALID_IMAGE_FORMAT, STATUS_DRIVER_ENTRYPOINT_NOT_FOUND): a driver is linked with /SUBSYSTEM:NATIVE and /DRIVER, and the kernel only has its own modules to import from ("PE Format", "/SUBSYSTEM").
Build it as a kernel-mode driver; if it is a user-mode driver (UMDF), the service is WUDFRd.`,
  check: (driverPackage) =>
    serviceDrivers(driverPackage).flatMap(({ path, facts }) =>
      whyNotLoaded(facts).map((why) => ({
        path,
        message: `is the binary of a service, but Windows cannot load it: ${why}`,
        hint: 'build it as a kernel-mode driver',
      })),
    ),
});

function whyNotLoaded({ driver, imports = [], importProblem }: FileFacts): string[] {
  if (driver === undefined) return [];
  return [
    ...driver.problems,
    ...(importProblem === undefined ? [] : [`its imports cannot be read: ${importProblem}`]),
    ...imports
      .filter(({ library }) => isUserModeLibrary(library))
      .map(({ library }) => `it imports ${library}, a library of user mode`),
  ];
}
