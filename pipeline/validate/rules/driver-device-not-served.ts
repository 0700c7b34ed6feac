import { defineRule } from '../define.ts';
import { servedDevices } from '../served-devices.ts';

export const driverDeviceNotServed = defineRule({
  id: 'driver/device-not-served',
  severity: 'info',
  scope: 'tree',
  explain: `The tree has a driver for a device of virtio, QEMU or Xen on one Windows, and none on another Windows that it supports with other drivers.
A guest of that Windows shows the device as unknown.
Add the driver for that Windows if there is one. driver/missing-target warns of targets that a driver is built for.`,
  check: ({ packages }) => {
    const { byId, byKind, drivers, targets } = servedDevices(packages);
    return [...byKind].flatMap(([kind, devices]) => {
      const without = targets.filter((target) => !devices.some(({ id }) => byId.get(id)?.has(target)));
      const [device] = devices;
      if (without.length === 0 || device === undefined || !/^(?:PCI|ACPI)\\/.test(device.id)) return [];
      return [
        {
          path: drivers.get(kind) ?? kind,
          message: `no driver serves ${device.id} (${device.name}) on ${without.join(', ')}`,
          hint: 'add the driver for these targets if there is one',
        },
      ];
    });
  },
});
