import { describe, expect, test } from 'vitest';
import { knownDevice, lostBackslash, readDevices } from '../../../pipeline/formats/windows/device-query.ts';
import { pastes } from '../../builders/pasted-ids.ts';

describe('a pasted text', () => {
  test.each(pastes)('$text', ({ text, ids }) => {
    expect(readDevices(text).map((id) => id.text)).toEqual(ids);
  });

  test('the IDs that Device Manager lists for one device say together what each says', () => {
    const [device, ...others] = readDevices(
      'PCI\\CC_0C05\nPCI\\VEN_8086&DEV_2930\nPCI\\VEN_8086&CC_0C0500\n',
    );
    expect(others).toEqual([]);
    expect(Object.fromEntries(device?.parts ?? [])).toEqual({ VEN: '8086', DEV: '2930', CC: '0C0500' });
  });

  test('a word without a bus is an ID where a driver offers it', () => {
    const isOffered = (id: string) => id === 'MY_DEVICE';
    expect(readDevices('my_device\nviostor', isOffered).map(({ text }) => text)).toEqual(['MY_DEVICE']);
    expect(readDevices('the my_device', isOffered)).toEqual([]);
  });

  test('an ID of which a shell took the rest is recognised', () => {
    expect(['PCIVEN_1AF4', 'usbvid_0627', 'ACPIQEMU0001', 'PCI\\VEN_1AF4', 'pci'].map(lostBackslash)).toEqual(
      [true, true, true, false, false],
    );
  });

  test('a long text of many IDs is read in a moment', () => {
    const lines = Array.from(
      { length: 2000 },
      (_, at) => `PCI\\VEN_1AF4&DEV_${at.toString(16).padStart(4, '0')}`,
    );
    expect(readDevices(lines.join('\n'))).toHaveLength(2000);
    expect(readDevices('['.repeat(100_000))).toEqual([]);
    expect(readDevices('&'.repeat(100_000))).toEqual([]);
    expect(readDevices(`PCI\\${'A_1&'.repeat(50_000)}`)).toHaveLength(1);
    for (const piece of ['AA_1', 'AA_1 &', 'PCI', 'XEN', 'PCI /', '_A', ' ', '&amp;', 'A.', '.'])
      expect(readDevices(`${piece.repeat(100_000)}x`).length).toBeLessThan(2);
  });
});

test('a device is found in the table by its ID without details', () => {
  const names = (text: string) => readDevices(text).map((id) => knownDevice(id)?.name);
  expect(names('pci\\ven_1af4&dev_1041&subsys_11001af4&rev_01')).toEqual(['virtio network device']);
  expect(names('1af4:1001')).toEqual(['virtio block device (transitional)']);
  expect(names('QEMU0001')).toEqual(['QEMU pvpanic device']);
  expect(names('PCI\\VEN_1AF4&DEV_9999')).toEqual([undefined]);
  expect(names('HTREE\\ROOT\\0')).toEqual(['root of the device tree']);
  expect(names('PCI\\VEN_5853&DEV_C000&SUBSYS_C0005853&REV_01')).toEqual([
    'Xen platform device of XenServer, for Windows Update',
  ]);
  for (const vendor of ['XP0001', 'XSC000', 'XNC000'])
    expect(names(`XENVIF\\VEN_${vendor}&DEV_NET&REV_09000003\\0`)).toEqual(['Xen network device']);
  expect(names('XENBUS\\VEN_XP0001&DEV_OTHER')).toEqual([undefined]);
});
