import { infValue } from '../../formats/inf/inf.ts';
import { associatesDevice, infServices, modelsFor } from '../../formats/inf/install.ts';
import { modelIds } from '../../formats/inf/models.ts';
import { knownDevice } from '../../formats/windows/device-query.ts';
import { familyOfId } from '../../formats/windows/driver-family.ts';
import { parseHardwareId } from '../../formats/windows/hardware-id.ts';
import { drivesDisks } from '../boot-drivers.ts';
import { defineRule } from '../define.ts';

export const infBootDiskService = defineRule({
  id: 'inf/boot-disk-service',
  severity: 'error',
  scope: 'package',
  explain: `The driver of a disk controller (class SCSIAdapter or HDC) is not started at boot (StartType 0).
StartType 0 is required of drivers that Windows needs to boot ("INF AddService Directive"): a guest whose system disk is on this controller stops with INACCESSIBLE_BOOT_DEVICE (0x7B).
Write StartType = 0 and LoadOrderGroup = SCSI miniport. Accept the finding for a driver of disks that a guest never boots from.
The rule skips drivers of PCI devices that are neither of virtio, QEMU nor Xen: card readers have the class too, and Windows starts them on demand.`,
  check: ({ inf, parsed, target }) => {
    if (!drivesDisks(parsed) || !modelsFor(parsed, target.arch).flatMap(modelIds).some(isOfGuests)) return [];
    return infServices(parsed, target.arch)
      .filter((service) => associatesDevice(service) && service.type === 1)
      .filter(({ start }) => start !== 0 && start !== undefined)
      .map(({ name, section = '', start, line }) => ({
        path: inf,
        line: infValue(parsed, section, 'StartType')?.line ?? line,
        message: `the disk driver "${name}" has StartType ${start}, so a guest cannot boot from its disks`,
        hint: 'write StartType = 0 and LoadOrderGroup = SCSI miniport',
      }));
  },
});

/** Whether a guest can have the device; of PCI devices, those of virtio, QEMU and Xen. */
function isOfGuests(text: string): boolean {
  const id = parseHardwareId(text);
  return id.bus !== 'PCI' || familyOfId(id) !== undefined || knownDevice(id) !== undefined;
}
