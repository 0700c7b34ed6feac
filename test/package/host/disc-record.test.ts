import { expect, test } from 'vitest';
import { parseControl } from '../../../pipeline/formats/deb/control.ts';
import { readManifest } from '../../../pipeline/manifest/read.ts';
import type { DriverFacts } from '../../../pipeline/model/driver-facts.ts';
import { discRecord, type RecordedDisc } from '../../../pipeline/package/host/disc-record.ts';
import { unsignedDriver } from '../../builders/deb.ts';

const manifest = await readManifest('drivers-manifest/releases/sample.yaml');
const sha256 = 'ab'.repeat(32);
const disc: RecordedDisc = {
  kind: 'drivers',
  iso: {
    name: 'pvdisc-sample-0.1.0.iso',
    label: 'LABEL',
    readme: '',
    content: { file: '/x', sha256, size: 7 },
    files: [],
  },
  packageName: 'my-package',
  drivers: [],
  manifest,
  metadata: { version: '0.1.0-3' },
};

const about = {
  Disc: 'pvdisc-sample-0.1.0.iso',
  Kind: 'drivers',
  Family: 'virtio',
  Name: 'pvdisc-sample',
  Version: '0.1.0',
  Package: 'my-package',
  'Package-Version': '0.1.0-3',
  Title: manifest.release.title,
  Label: 'LABEL',
  Size: '7',
  Sha256: sha256,
};

/** The stanzas of a record with fields in order. */
function stanzas(changes: Partial<RecordedDisc>) {
  return parseControl(discRecord({ ...disc, ...changes }), 'record').map(({ fields }) =>
    Object.fromEntries([...fields.values()].map(({ name, value }) => [name, value])),
  );
}

test('the first stanza tells of the disc, each further one of a driver package, sorted by folder', () => {
  const drivers: DriverFacts[] = [
    {
      ...unsignedDriver('w7', 'x86'),
      driver: 'viostor',
      inf: 'viostor/w7/x86/viostor.inf',
      driverVer: '1/31/2012, 61.62.0.100',
      signature: 'vendor-signed',
      loads: 'always',
      class: 'SCSIAdapter',
      services: ['viostor', 'second'],
      hardwareIds: [
        'PCI\\VEN_1AF4&DEV_1001&REV_00',
        'PCI\\VEN_1AF4 DEV_1001',
        'PCI\\VEN_1AF4&DEV_1042',
        'ROOT\\\u00fc',
      ],
      compatibleIds: ['PCI\\VEN_1AF4&DEV_1001'],
    },
    { ...unsignedDriver('w11'), inf: 'a/w11/amd64/b.inf' },
    { ...unsignedDriver('w11'), inf: 'a/w11/amd64/a.inf', driverVer: 'never' },
    { ...unsignedDriver('dos'), inf: 'a/dos/amd64/a.inf' },
  ];
  const found = stanzas({ drivers });
  expect(Object.entries(found[0] ?? {})).toEqual(
    Object.entries({ ...about, Signatures: 'vendor-signed 1, unsigned 3' }),
  );
  expect(found.slice(1).map(({ Inf }) => Inf)).toEqual([
    'a/dos/amd64/a.inf',
    'a/w11/amd64/a.inf',
    'a/w11/amd64/b.inf',
    'viostor/w7/x86/viostor.inf',
  ]);
  expect(Object.entries(found[4] ?? {})).toEqual(
    Object.entries({
      Driver: 'viostor',
      Os: 'w7',
      Windows: 'Windows 7',
      Arch: 'x86',
      Folder: 'viostor/w7/x86',
      Inf: 'viostor/w7/x86/viostor.inf',
      'Driver-Version': '61.62.0.100',
      Date: '2012-01-31',
      Signature: 'vendor-signed',
      Loads: 'always loads',
      Class: 'SCSIAdapter',
      Services: 'viostor second',
      'Hardware-Ids': 'PCI\\VEN_1AF4&DEV_1001&REV_00 PCI\\VEN_1AF4&DEV_1042',
      'Compatible-Ids': 'PCI\\VEN_1AF4&DEV_1001',
    }),
  );
});

test('what is not known is left out', () => {
  const drivers = [{ ...unsignedDriver('dos'), inf: 'a/dos/amd64/a.inf', driverVer: 'never' }];
  expect(stanzas({ drivers })[1]).toEqual({
    Driver: 'sampleblk',
    Os: 'dos',
    Arch: 'amd64',
    Folder: 'a/dos/amd64',
    Inf: 'a/dos/amd64/a.inf',
    Signature: 'unsigned',
  });
});

test('the disc of symbols says so, and tells of no driver', () => {
  expect(stanzas({ kind: 'symbols' })).toEqual([
    { ...about, Kind: 'symbols', Title: `Debug symbols: ${manifest.release.title}` },
  ]);
});

test('no value can begin a line, a field or a stanza of its own', () => {
  const driverVer = '01/01/2020,1.0\n\nSha256: 0\n\u00e9';
  const found = stanzas({ drivers: [{ ...unsignedDriver(), driverVer }] });
  expect(found).toHaveLength(2);
  expect(found[1]?.['Driver-Version']).toBe('1.0 Sha256: 0 ?');
});
