import { modelsFor } from '../../formats/inf/install.ts';
import { modelIds } from '../../formats/inf/models.ts';
import { knownDevice } from '../../formats/windows/device-query.ts';
import { parseHardwareId } from '../../formats/windows/hardware-id.ts';
import { defineRule } from '../define.ts';

export const infWrongSubsystem = defineRule({
  id: 'inf/wrong-subsystem',
  severity: 'warning',
  scope: 'package',
  explain: `An ID of a virtio device in the INF has a subsystem that the device never has. With the vendor 1AF4, a transitional device has its virtio device type as subsystem (0001 for network, 0002 for block), and a modern one has 0040 or more, 1100 in QEMU (virtio specification, "PCI Device Discovery").
Windows never chooses the driver by that ID.
Correct the subsystem, or offer the ID without it.`,
  check: ({ inf, parsed, target: { arch } }) =>
    modelsFor(parsed, arch).flatMap((model) =>
      modelIds(model).flatMap((id) => {
        const expected = expectedSubsystem(id);
        if (expected === undefined) return [];
        const hint = 'correct the subsystem, or offer the ID without it';
        return [{ path: inf, line: model.line, message: `offers ${id}, but ${expected}`, hint }];
      }),
    ),
});

/** Lowest subsystem of a modern device. */
const firstModern = 0x40;

function expectedSubsystem(id: string): string | undefined {
  const parsed = parseHardwareId(id);
  const device = knownDevice(parsed);
  const [, subsystem] = /^([0-9A-F]{4})1AF4$/.exec(parsed.parts.get('SUBSYS') ?? '') ?? [];
  if (subsystem === undefined || device?.kind.startsWith('virtio-') !== true) return undefined;
  if (device.subsystem === undefined) {
    return Number.parseInt(subsystem, 16) < firstModern
      ? `the ${device.name} has the subsystem 1100 in QEMU`
      : undefined;
  }
  return subsystem === device.subsystem
    ? undefined
    : `the ${device.name} has the subsystem ${device.subsystem}`;
}
