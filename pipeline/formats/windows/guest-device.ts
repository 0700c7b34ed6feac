/** A device that QEMU, Xen or another hypervisor gives a Windows guest. */
export interface GuestDevice {
  /** The shortest hardware ID of the device. */
  readonly id: string;
  readonly name: string;
  /** Devices of one kind have the same driver: the transitional and the modern ID of a virtio device. */
  readonly kind: string;
  /** Names of virtio-win's drivers for it, or of the Xen PV drivers; empty where no driver for Windows is known. */
  readonly drivers: readonly string[];
  /** Which Windows has a driver of its own. */
  readonly inbox?: string;
  /** Setup classes of its drivers, where the device needs one: a network driver drives no disk. */
  readonly classes?: readonly string[];
  /** Subsystem ID of the device with the vendor 1AF4. */
  readonly subsystem?: string;
}

/** Makes a PCI device; vendor and device ID have four digits. */
export function pciDevice(vendor: string, id: string, facts: Omit<GuestDevice, 'id'>): GuestDevice {
  return { id: `PCI\\VEN_${vendor}&DEV_${id}`, ...facts };
}
