import { virtioDevices } from '../../formats/windows/virtio-devices.ts';
import { defineRule } from '../define.ts';
import { servedDevices } from '../served-devices.ts';

export const driverDeviceHalfServed = defineRule({
  id: 'driver/device-half-served',
  severity: 'warning',
  scope: 'tree',
  explain: `A virtio device has two PCI IDs, a transitional one (1AF4:1000 …) and a modern one (1AF4:1041 …), and the drivers for a Windows offer only one of them.
QEMU gives a device the transitional ID in a PCI slot (machine pc) and the modern one in a PCI Express slot (machine q35), so guests of the other machine find no driver.
Add both IDs to the INF if the driver supports both. Drivers that are older than virtio 1.0 (2015) support only transitional devices: accept the finding, and give such guests "disable-modern=on,disable-legacy=off".`,
  check: ({ packages }) => {
    const { byId, byKind, drivers, targets } = servedDevices(packages);
    return [...byKind.keys()]
      .flatMap((kind) => virtioDevices.filter((device) => device.kind === kind && kind.startsWith('virtio-')))
      .flatMap((device) => {
        const others = virtioDevices.filter(({ id, kind }) => kind === device.kind && id !== device.id);
        const isServed = (id: string, target: string) => byId.get(id)?.has(target) === true;
        const half = targets.filter(
          (target) => !isServed(device.id, target) && others.some(({ id }) => isServed(id, target)),
        );
        if (half.length === 0) return [];
        return [
          {
            path: drivers.get(device.kind) ?? device.kind,
            message: `has no driver for ${device.id} (${device.name}) on ${half.join(', ')}, only for ${others.map(({ id }) => id).join()}`,
            hint: 'add the ID to the INF if the driver supports it, or accept the finding',
          },
        ];
      });
  },
});
