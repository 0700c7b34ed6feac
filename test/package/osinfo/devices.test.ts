import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { osinfoDevices } from '../../../pipeline/package/osinfo/devices.ts';

test('hardware ids become the ids of osinfo, each once, sorted', () => {
  const ids = [
    'PCI\\VEN_1AF4&DEV_1042&SUBSYS_11001AF4&REV_01',
    'pci\\ven_1af4&dev_1001',
    'PCI\\VEN_1AF4&DEV_1001&SUBSYS_00021AF4&REV_00',
    'PCI\\VEN_1B36&DEV_0100',
  ];
  expect(osinfoDevices(ids)).toEqual([
    'http://pcisig.com/pci/1af4/1001',
    'http://pcisig.com/pci/1af4/1042',
    'http://pcisig.com/pci/1b36/0100',
  ]);
});

test.each([
  'ACPI\\QEMU0001',
  'ROOT\\VIO',
  'PCI\\VEN_1AF4',
  'PCI\\VEN_1AF4&DEV_10421',
  'PCI\\VEN_1AF4&DEV_1058',
  'PCI\\VEN_8086&DEV_100E',
  'USB\\VEN_1AF4&DEV_1042',
  '',
])('%s is no device that osinfo-db of Debian 12 defines', (id) => {
  expect(osinfoDevices([id])).toEqual([]);
});

const database = '/usr/share/osinfo/device/pcisig.com';

test.skipIf(!existsSync(database))('libosinfo defines every device that is ever named', async () => {
  const files = (await readdir(database, { recursive: true })).filter((name) => name.endsWith('.xml'));
  const texts = await Promise.all(files.map((name) => readFile(join(database, name), 'utf8')));
  const all = Array.from({ length: 0x10000 }, (_, device) => device.toString(16).padStart(4, '0'));
  const named = osinfoDevices(
    all.flatMap((device) => ['1af4', '1b36'].map((vendor) => `PCI\\VEN_${vendor}&DEV_${device}`)),
  );
  expect(named).toHaveLength(18);
  expect(named.filter((id) => !texts.some((text) => text.includes(`<device id="${id}">`)))).toEqual([]);
});
