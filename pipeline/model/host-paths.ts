import type { DriverFamily } from '../formats/windows/driver-family.ts';

/** The folder of all discs on a host, where virt-v2v and others look for virtio-win.iso. */
export const discsFolder = 'usr/share/virtio-win';

/** Returns the folder of what only one package's release has on a host: the host command, the unpacked drivers. */
export function releaseFolder(packageName: string): string {
  return `${discsFolder}/releases/${packageName}`;
}

/** Links of update-alternatives(1) to the chosen disc and the chosen drivers of a family. */
export interface FamilyLinks {
  readonly disc: string;
  readonly drivers: string;
  /** What update-alternatives calls the link to the drivers; that to the disc has its own name. */
  readonly driversName: string;
}

/**
 * By family, names in the folder of all discs. virt-v2v and others take every driver of virtio-win.iso and drivers for a guest of KVM,
 * so those links never lead to drivers for Xen.
 */
export const familyLinks: Readonly<Record<DriverFamily, FamilyLinks>> = {
  virtio: { disc: 'virtio-win.iso', drivers: 'drivers', driversName: 'virtio-win-drivers' },
  xenpv: { disc: 'xenpv-win.iso', drivers: 'xenpv-drivers', driversName: 'xenpv-win-drivers' },
};
