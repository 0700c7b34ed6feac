import { type Arch, archFacts, archNames } from '../../formats/windows/targets.ts';
import { driverFolders } from '../../model/driver-folders.ts';
import { defineRule } from '../define.ts';
import { serviceDrivers } from '../driver-needs.ts';
import { isDriverFile } from '../facts.ts';

/** 64-bit Windows also runs x86 programs (WOW64); kernel drivers must match exactly. */
const programArches: Readonly<Record<Arch, readonly Arch[]>> = {
  x86: ['x86'],
  amd64: ['amd64', 'x86'],
  ARM64: ['ARM64', 'x86'],
};

export const peWrongMachine = defineRule({
  id: 'pe/wrong-machine',
  severity: 'error',
  scope: 'tree',
  explain: `A binary was built for another processor architecture than its folder, or than the models of the INF whose service runs it.
Windows refuses to load such a driver (STATUS_INVALID_IMAGE_FORMAT); with a storage driver the guest does not boot.
Use the binary of the folder's architecture: the driver build probably mixed up its output folders.`,
  check: ({ tree, facts, packages }) => {
    const ofFolders = driverFolders(tree).flatMap(({ target: { arch }, files }) =>
      files.map(({ path }) => ({ path, arch })),
    );
    const judged = new Set(ofFolders.map(({ path }) => path));
    const ofServices = packages.flatMap((driverPackage) =>
      serviceDrivers(driverPackage).map(({ path }) => ({ path, arch: driverPackage.target.arch })),
    );
    const others = ofServices.filter(({ path }) => !judged.has(path));
    return [...ofFolders, ...others].flatMap(({ path, arch }) => {
      const machine = facts.get(path)?.pe?.machine;
      const allowed = isDriverFile(path) ? [arch] : programArches[arch];
      if (machine === undefined || allowed.some((name) => archFacts[name].machine === machine)) return [];
      return [
        {
          path,
          message: `machine is ${machineName(machine)}, expected ${allowed.join(' or ')}`,
          hint: `use the ${arch} build of the file`,
        },
      ];
    });
  },
});

function machineName(machine: number): string {
  const arch = archNames.find((name) => archFacts[name].machine === machine);
  return arch ?? `0x${machine.toString(16).padStart(4, '0')}`;
}
