import { type GuestDevice, pciDevice } from './guest-device.ts';

const platform = { kind: 'xen-platform', drivers: ['xenbus'] };

/**
 * The devices of Xen: PCI devices (xen-pci-device-reservations(7)), and those that xenbus, xenvif and xenvkbd make for the others, whose IDs
 * name any vendor (src/*.inf of the Xen Project's win-xenbus, win-xenvif, win-xennet, …).
 */
export const xenDevices: readonly GuestDevice[] = [
  pciDevice('5853', '0001', { name: 'Xen platform device', ...platform }),
  pciDevice('5853', '0002', { name: 'Xen platform device (XenServer)', ...platform }),
  pciDevice('5853', 'C000', { name: 'Xen platform device of XenServer, for Windows Update', ...platform }),
  pciDevice('5853', 'C200', { name: 'Xen platform device of XCP-ng, for Windows Update', ...platform }),
  child('XENBUS', 'VBD', 'Xen block devices', 'xenvbd', ['SCSIAdapter', 'HDC']),
  child('XENBUS', 'VIF', 'Xen network bus', 'xenvif'),
  child('XENBUS', 'IFACE', 'Xen agent interface', 'xeniface'),
  child('XENBUS', 'CONS', 'Xen console', 'xencons'),
  child('XENBUS', 'VKBD', 'Xen keyboard and pointer bus', 'xenvkbd'),
  child('XENVIF', 'NET', 'Xen network device', 'xennet', ['Net']),
  child('XENVKBD', 'HID', 'Xen keyboard and pointer', 'xenhid', ['HIDClass']),
];

function child(
  bus: string,
  device: string,
  name: string,
  driver: string,
  classes?: readonly string[],
): GuestDevice {
  const kind = `xen-${device.toLowerCase()}`;
  return { id: `${bus}\\DEV_${device}`, name, kind, drivers: [driver], ...(classes && { classes }) };
}
