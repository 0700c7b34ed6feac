import { describe, expect, test } from 'vitest';
import { familyOfId } from '../../../pipeline/formats/windows/driver-family.ts';
import { guestDevices } from '../../../pipeline/formats/windows/guest-devices.ts';
import { matchHardwareId, parseHardwareId } from '../../../pipeline/formats/windows/hardware-id.ts';
import { isExperimental } from '../../../pipeline/formats/windows/virtio-devices.ts';
import { readManifest } from '../../../pipeline/manifest/read.ts';

const net = 'PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01';

describe('hardware IDs', () => {
  test.each([
    [net, net, 'full'],
    [net.toLowerCase(), 'PCI\\VEN_1AF4&DEV_1041', 'full'],
    ['PCI\\VEN_1AF4&DEV_1041', net, 'partial'],
    ['PCI\\VEN_1AF4', 'PCI\\VEN_1AF4&DEV_1041', 'partial'],
    ['PCI\\DEV_1041', net, 'partial'],
    [net, 'PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AB8&REV_01', 'near'],
    [net, 'PCI\\VEN_1AF4&DEV_1041&REV_00', 'near'],
    [net, 'PCI\\VEN_1AF4&DEV_1042', undefined],
    [net, 'PCI\\VEN_1AF4&DEV_1042&REV_00', undefined],
    ['PCI\\VEN_8086&DEV_10D3', 'PCI\\VEN_8086&CC_0C05', undefined],
    ['PCI\\VEN_8086&DEV_2930&CC_0C0500', 'PCI\\VEN_8086&CC_0C05', 'full'],
    ['PCI\\VEN_8086&DEV_2930&CC_0C05', 'PCI\\VEN_8086&DEV_2930&CC_0C0500', 'partial'],
    ['PCI\\VEN_8086&DEV_2930&CC_0C0500', 'PCI\\VEN_8086&DEV_2930&CC_0300', undefined],
    ['PCI\\VEN_8086&DEV_2930&REV_02', 'PCI\\VEN_8086&DEV_2930&SUBSYS_11001AF4', 'partial'],
    ['ACPI\\VEN_QEMU&DEV_0001', 'ACPI\\QEMU0001', 'full'],
    ['*qemu0002', 'ACPI\\QEMU0002', 'full'],
    ['ACPI\\QEMU0001', 'ACPI\\QEMU0002', undefined],
    ['USB\\VID_0627&PID_0001&REV_0000', 'USB\\Vid_0627&Pid_0001', 'full'],
    ['HID\\VID_0627&PID_0001', 'USB\\VID_0627&PID_0001', undefined],
    ['VIOINPUT\\REV_00', 'VIOINPUT\\REV_01', undefined],
    ['VIOPROT', 'vioprot', 'full'],
    ['ROOT\\A', 'ROOT\\B', undefined],
  ])('%s and %s of an INF: %s', (device, offered, match) => {
    expect(matchHardwareId(parseHardwareId(device), parseHardwareId(offered))).toBe(match);
  });
});

describe('the devices of virtio, QEMU and Xen', () => {
  test('each ID stands once, and names itself as its hardware ID', () => {
    const ids = guestDevices.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => parseHardwareId(id).text !== id)).toEqual([]);
    expect(ids).toEqual(
      expect.arrayContaining(['PCI\\VEN_1AF4&DEV_1000', 'PCI\\VEN_1AF4&DEV_105A', 'PCI\\VEN_1AF4&DEV_1071']),
    );
  });

  test.each([
    // Drivers of virtio-win's sources that are on none of its discs.
    { family: 'virtio', onlyInSources: ['ivshmem', 'viocrypt'] },
    { family: 'xenpv', onlyInSources: [] },
  ])(
    'their drivers are those of $family in drivers-manifest/ but the samples',
    async ({ family, onlyInSources }) => {
      const { drivers } = await readManifest('drivers-manifest/releases/virtio-win.yaml');
      const names = drivers
        .filter((driver) => driver.family === family && !driver.name.startsWith('sample'))
        .map(({ name }) => name);
      const devices = guestDevices.filter(
        ({ id }) => (familyOfId(parseHardwareId(id)) === 'xenpv') === (family === 'xenpv'),
      );
      expect([...new Set(devices.flatMap((device) => device.drivers))].sort()).toEqual(
        [...names, ...onlyInSources].sort(),
      );
    },
  );

  test('the IDs for experiments are 10F0 to 10FF', () => {
    expect(['10EF', '10F0', '10FF', '1100', '9999'].map(isExperimental)).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });
});
