import type { HardwareId } from './hardware-id.ts';

/** Which paravirtual devices drivers are for: those of virtio (QEMU, KVM), or those of Xen. */
export const driverFamilies = ['virtio', 'xenpv'] as const;
export type DriverFamily = (typeof driverFamilies)[number];

/** The hypervisor whose guests have the devices. */
export const hypervisorOf: Readonly<Record<DriverFamily, string>> = { virtio: 'KVM', xenpv: 'Xen' };

/** PCI vendors: 1AF4 for virtio, 5853 for the platform device of Xen (win-xenbus, src/xenbus.inf). */
const vendors: Readonly<Record<string, DriverFamily>> = { '1AF4': 'virtio', '5853': 'xenpv' };

/** Buses of drivers: of vioinput, and of xenbus, xenvif and xenvkbd (src/*.inf of win-xenvbd, win-xennet, win-xenhid). */
const buses: Readonly<Record<string, DriverFamily>> = {
  VIOINPUT: 'virtio',
  XENBUS: 'xenpv',
  XENVIF: 'xenpv',
  XENVKBD: 'xenpv',
};

/** Returns the family that a hardware ID belongs to; undefined for a device of neither. */
export function familyOfId({ bus, parts }: HardwareId): DriverFamily | undefined {
  return bus === 'PCI' ? vendors[parts.get('VEN') ?? ''] : buses[bus];
}
