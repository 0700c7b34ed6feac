import { type Arch, archFacts, archNames } from '../../formats/windows/targets.ts';
import { driverFolders } from '../../model/driver-folders.ts';
import { defineRule } from '../define.ts';

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
  explain: `A binary was built for another processor architecture than its folder.
Windows refuses to load such a driver (STATUS_INVALID_IMAGE_FORMAT); with a storage driver the guest does not boot.
Use the binary of the folder's architecture: the driver build probably mixed up its output folders.`,
  check: ({ tree, facts }) =>
    driverFolders(tree).flatMap(({ target, files }) =>
      files.flatMap(({ path }) => {
        const machine = facts.get(path)?.pe?.machine;
        const allowed = path.toLowerCase().endsWith('.sys') ? [target.arch] : programArches[target.arch];
        if (machine === undefined || allowed.some((arch) => archFacts[arch].machine === machine)) return [];
        return [
          {
            path,
            message: `machine is ${machineName(machine)}, expected ${allowed.join(' or ')}`,
            hint: `use the ${target.arch} build of the file`,
          },
        ];
      }),
    ),
});

function machineName(machine: number): string {
  const arch = archNames.find((name) => archFacts[name].machine === machine);
  return arch ?? `0x${machine.toString(16).padStart(4, '0')}`;
}
