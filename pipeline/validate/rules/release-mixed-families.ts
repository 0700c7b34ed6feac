import { modelsFor } from '../../formats/inf/install.ts';
import { modelIds } from '../../formats/inf/models.ts';
import { type DriverFamily, familyOfId, hypervisorOf } from '../../formats/windows/driver-family.ts';
import { parseHardwareId } from '../../formats/windows/hardware-id.ts';
import { defineRule, type Violation } from '../define.ts';
import type { PackageFacts } from '../package-facts.ts';

export const releaseMixedFamilies = defineRule({
  id: 'release/mixed-families',
  severity: 'error',
  scope: 'release',
  explain: `A driver belongs to another family than its release: to virtio (KVM, QEMU) or to xenpv (Xen). Its file in drivers-manifest/drivers says so, or its INF claims a device of the other hypervisor.
virt-v2v copies every driver that fits the folder of a Windows into a guest of KVM, whatever its devices, and boot drivers for Xen (xenbus, xenfilt) then filter buses of a guest that has no Xen.
Make a release of its own for the other family ("family: xenpv"), or exclude the driver with "select".`,
  check: ({ manifest, packages }) => {
    const { family } = manifest.release;
    const declared = new Map(manifest.drivers.map((driver) => [driver.name, driver.family]));
    return packages.flatMap((driverPackage): Violation[] => {
      const own = declared.get(driverPackage.driver) ?? family;
      const claim = own === family ? claimOfOther(driverPackage, family) : { fact: `is a driver of ${own}` };
      if (claim === undefined) return [];
      const { line, fact } = claim;
      return [
        {
          path: driverPackage.inf,
          ...(line !== undefined && { line }),
          message: `${fact}; the release is of the family ${family}, for guests of ${hypervisorOf[family]}`,
          hint: 'make a release of the other family, or exclude the driver with "select"',
        },
      ];
    });
  },
});

interface Claim {
  readonly line?: number;
  readonly fact: string;
}

/** Returns the first device of another family that an INF claims. */
function claimOfOther({ parsed, target }: PackageFacts, family: DriverFamily): Claim | undefined {
  for (const model of modelsFor(parsed, target.arch))
    for (const id of modelIds(model)) {
      const other = familyOfId(parseHardwareId(id)) ?? family;
      if (other !== family) return { line: model.line, fact: `claims ${id}, a device of ${other}` };
    }
  return undefined;
}
