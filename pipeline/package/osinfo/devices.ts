import { byCodeUnit } from '../../core/order.ts';

/**
 * PCI devices of QEMU that need a driver on Windows and that osinfo-db defines since 20221130 (Debian 12), by vendor. libosinfo
 * prints a warning about any other device whenever one of its programs starts.
 */
const knownDevices: ReadonlyMap<string, readonly string[]> = new Map([
  [
    '1af4',
    [
      ...['1000', '1001', '1002', '1003', '1004', '1005', '1009'],
      ...['1041', '1042', '1043', '1044', '1045', '1048', '1049', '1050', '1052', '105a'],
    ],
  ],
  ['1b36', ['0100']],
]);

/** Converts hardware ids of an INF (`PCI\VEN_1AF4&DEV_1041&…`) into the ids of devices that osinfo-db knows, sorted. */
export function osinfoDevices(hardwareIds: readonly string[]): string[] {
  const ids = hardwareIds.flatMap((id) => {
    const [, vendor = '', device = ''] = /^PCI\\VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})(?:&|$)/i.exec(id) ?? [];
    const [ven, dev] = [vendor.toLowerCase(), device.toLowerCase()];
    return knownDevices.get(ven)?.includes(dev) === true ? [`http://pcisig.com/pci/${ven}/${dev}`] : [];
  });
  return [...new Set(ids)].sort(byCodeUnit);
}
