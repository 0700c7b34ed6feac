import { modelsFor } from '../../formats/inf/install.ts';
import { modelIds } from '../../formats/inf/models.ts';
import { knownDevice } from '../../formats/windows/device-query.ts';
import { type HardwareId, parseHardwareId } from '../../formats/windows/hardware-id.ts';
import { isExperimental } from '../../formats/windows/virtio-devices.ts';
import { defineRule } from '../define.ts';

export const infUnknownVirtioDevice = defineRule({
  id: 'inf/unknown-virtio-device',
  severity: 'warning',
  scope: 'package',
  explain: `The INF offers a PCI ID of the vendors 1AF4 or 1B36 (virtio and QEMU) that neither the virtio specification nor QEMU defines, or the ID of a virtio device with another vendor, one digit away from 1AF4.
No guest has such a device, so Windows never chooses the driver by that ID; most often a digit is wrong.
Correct the ID: transitional virtio devices are 1AF4:1000 to 1AF4:1012, modern ones are 1AF4:1040 plus the device type.
The IDs 1AF4:10F0 to 1AF4:10FF are free for experiments and are not reported.`,
  check: ({ inf, parsed, target: { arch } }) =>
    modelsFor(parsed, arch).flatMap((model) =>
      modelIds(model).flatMap((id) => {
        const fact = unknownDevice(parseHardwareId(id));
        if (fact === undefined) return [];
        const hint = 'correct the ID: modern virtio devices are 1AF4:1040 plus the device type';
        return [{ path: inf, line: model.line, message: `offers ${id}, but ${fact}`, hint }];
      }),
    ),
});

const fourDigits = /^[0-9A-F]{4}$/;

function unknownDevice(id: HardwareId): string | undefined {
  const [vendor = '', device = ''] = ['VEN', 'DEV'].map((key) => id.parts.get(key));
  if (id.bus !== 'PCI' || !fourDigits.test(vendor) || !fourDigits.test(device)) return undefined;
  if (vendor === '1AF4' || vendor === '1B36') {
    if (knownDevice(id) !== undefined || (vendor === '1AF4' && isExperimental(device))) return undefined;
    return `virtio and QEMU define no device ${vendor}:${device}`;
  }
  if (knownDevice(id) !== undefined || !isNear(vendor, '1AF4')) return undefined;
  const meant = knownDevice(parseHardwareId(`PCI\\VEN_1AF4&DEV_${device}`));
  return meant === undefined ? undefined : `the ${meant.name} is 1AF4:${device}`;
}

/** No vendor one digit away from 1AF4 has a device with the number of a virtio device (pci.ids of 2026). */
function isNear(vendor: string, other: string): boolean {
  return [...vendor].filter((digit, at) => digit !== other[at]).length === 1;
}
