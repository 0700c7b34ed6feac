import type { GuestDevice } from './guest-device.ts';
import { virtioDevices } from './virtio-devices.ts';
import { xenDevices } from './xen-devices.ts';

/** The devices of virtual machines that are known, each ID once. */
export const guestDevices: readonly GuestDevice[] = [...virtioDevices, ...xenDevices];
