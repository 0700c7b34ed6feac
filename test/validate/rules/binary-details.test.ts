import { describe, expect, test } from 'vitest';
import { testAuthorities, testVendor, trustTestRoots } from '../../builders/authority.ts';
import { withCatalog } from '../../builders/catalog.ts';
import { changedPe, driverWith } from '../../builders/changed-pe.ts';
import { signPe } from '../../builders/signed-pe.ts';
import { driverFolder } from '../../builders/tree.ts';
import { judge, type RuleCase } from '../../contracts/rule-contract.ts';
import { changedFolder } from './changed-inf.ts';
import { flipped } from './damage.ts';

trustTestRoots();

const vendor = { signer: testVendor, issuers: testAuthorities };
const path = 'Win10/x86/viostor.sys';
const files = driverFolder('Win10/x86');
const driver = Buffer.from(files[path] ?? '');
const boot = { driver: { files: ['viostor.sys'], destination: 12, startType: 0 } } as const;

async function found(options: RuleCase): Promise<string[]> {
  const findings = await judge(options);
  return findings.map(({ rule, path: place, message }) => `${rule} ${place.split('/').at(-1)}: ${message}`);
}

describe('a driver that was changed', () => {
  test('has the finding of its catalog only', async () => {
    const changed = { ...withCatalog(files), [path]: flipped(driver, driver.length - 1) };
    expect(await found({ files: changed, catalogs: 'none' })).toEqual([
      expect.stringMatching(/^catalog\/payload-mismatch /),
    ]);
  });

  test('has the finding of its embedded signature only', async () => {
    const signed = signPe(driver);
    const changed = { ...files, [path]: flipped(signed, 0x210) };
    expect(await found({ files: changed })).toEqual([expect.stringMatching(/^pe\/broken-signature /)]);
  });

  test('has the finding of its checksum where nothing else tells', async () => {
    const changed = { ...files, [path]: flipped(driver, driver.length - 1) };
    expect(await found({ files: changed })).toEqual([expect.stringMatching(/^pe\/wrong-checksum /)]);
  });
});

test('a file that no service runs may be data with the name of a driver', async () => {
  const data = changedPe(Buffer.from(driverWith('Win10/x86', {})[path] ?? ''), {
    entryPoint: 0,
    checksum: 1,
  });
  const tree = driverFolder('Win10/x86', {
    infFiles: ['viostor.sys', 'firmware.sys'],
    extras: { 'firmware.sys': data },
  });
  expect(await found({ files: tree })).toEqual([]);
});

test('a driver with another name on the guest is one', async () => {
  const copied = changedFolder(
    'Win10/x86',
    ['[viostor_Files]\r\nviostor.sys', '[viostor_Files]\r\nguest.sys,viostor.sys'],
    ['%12%\\viostor.sys', '%12%\\guest.sys'],
  );
  const tree = { ...copied, [path]: changedPe(driver, { entryPoint: 0 }) };
  expect(await found({ files: tree })).toContainEqual(
    expect.stringMatching(/^pe\/not-loadable viostor\.sys:/),
  );
});

test('imports that cannot be read', async () => {
  const bytes = Buffer.from(driverWith('Win10/x86', { imports: { 'ntoskrnl.exe': [] } })[path] ?? '');
  bytes.writeUInt32LE(0x9000, bytes.indexOf(Buffer.from('ntoskrnl.exe')) - 0x180 + 12);
  const changed = changedPe(bytes, {});
  expect(await found({ files: driverFolder('Win10/x86', { extras: { 'viostor.sys': changed } }) })).toEqual([
    'pe/not-loadable viostor.sys: is the binary of a service, but Windows cannot load it: its imports cannot be read: imported name at RVA 0x9000 is in no section',
  ]);
});

describe('a catalog of SHA-1 alone', () => {
  test.each([
    [
      'Win11/amd64',
      ['catalog/weak-signature viostor.cat: its signature uses SHA-1, but Windows 11 demands SHA-2'],
    ],
    ['Win7/x86', []],
  ])('in %s', async (folder, expected) => {
    const catalogs = { ...vendor, digest: 'sha1' } as const;
    expect(await found({ files: driverFolder(folder), catalogs })).toEqual(expected);
  });
});

test('without a date of the release, a signature without timestamp is told with its end', async () => {
  const signed = signPe(Buffer.from(driverFolder('Win10/x86', { inf: boot })[path] ?? ''), {
    signer: testVendor,
    others: testAuthorities,
  });
  const tree = { ...driverFolder('Win10/x86', { inf: boot }), [path]: signed };
  const end = 'has no timestamp: Windows rejects it after 2039-12-31, when its certificate expires';
  expect(await found({ files: tree, catalogs: vendor, epoch: 'none' })).toEqual([
    `catalog/certificate-dates viostor.cat: ${end}`,
    `pe/certificate-dates viostor.sys: its embedded signature ${end}`,
    expect.stringMatching(/^release\/undated /),
  ]);
  expect(await found({ files: tree, catalogs: vendor })).toEqual([]);
});

test.each([
  ['2:5.0', 'is for 2:5.0, older than Windows 10 and than Windows XP'],
  ['1:4.10', 'is for 1:4.10, older than Windows 10 and than Windows XP'],
  ['2:5.0,2:5.1', 'is for 2:5.0, 2:5.1, older than Windows 10'],
])('a catalog for %s', async (osAttr, message) => {
  expect(await found({ files, catalogs: { osAttr } })).toEqual([`catalog/older-os viostor.cat: ${message}`]);
});

describe('a UMDF driver, whose version the INF says', () => {
  const withUmdf = (folder: string, version: string) => {
    const tree = driverFolder(folder);
    const inf = Buffer.from(tree[`${folder}/viostor.inf`] ?? '');
    const sections = `\r\n[viostor_Install.Wdf]\r\nUmdfService = x, x_Wdf\r\n\r\n[x_Wdf]\r\nUmdfLibraryVersion = ${version}\r\n`;
    return { ...tree, [`${folder}/viostor.inf`]: Buffer.concat([inf, Buffer.from(sections)]) };
  };

  test.each([
    ['Win10/x86', '2.15.0', []],
    [
      'Win10/x86',
      '2.33.0',
      [
        expect.stringMatching(
          /^pe\/needs-newer-windows viostor\.inf: is built for UMDF 2\.33, which runs on Windows 11 and Server 2022 and later, but its folder is for Windows 10$/,
        ),
      ],
    ],
    [
      'Win7/x86',
      '1.11.0',
      [
        expect.stringMatching(
          /^pe\/needs-update viostor\.inf: is built for UMDF 1\.11, which Windows 8 includes first, and the package has no co-installer/,
        ),
      ],
    ],
  ])('in %s for %s', async (folder, version, expected) => {
    expect(await found({ files: withUmdf(folder, version) })).toEqual(expected);
  });
});

test('a co-installer brings the framework to Windows 7', async () => {
  const options = {
    infFiles: ['viostor.sys', 'WdfCoInstaller01011.dll'],
    extras: {
      'WdfCoInstaller01011.dll':
        driverFolder('Win7/x86', { pe: { kind: 'dll' } })['Win7/x86/viostor.sys'] ?? '',
    },
  };
  const tree = driverWith('Win7/x86', { wdf: { minor: 11 } }, options);
  expect(await found({ files: tree })).toEqual([]);
});
