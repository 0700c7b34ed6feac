import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { whichSchema } from '../../pipeline/inspect/which-schema.ts';
import { builtSample } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder, writeRelease } from '../builders/release.ts';
import { driverFolder, writeTree } from '../builders/tree.ts';

const net = 'PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01';
const files = {
  ...driverFolder('Win10/x86', {
    name: 'netkvm',
    inf: { hardwareIds: [`${net}, PCI\\VEN_1AF4&DEV_1041`, 'PCI\\VEN_1AF4&DEV_1000&SUBSYS_00011AF4&REV_00'] },
  }),
  ...driverFolder('Win7/x86', { name: 'netkvm', inf: { hardwareIds: [net] } }),
};

async function folder(): Promise<string> {
  const path = await temporaryFolder('pvdisc-which-');
  await writeTree(path, files);
  return path;
}

describe('pvdisc which', () => {
  test('shows driver, folder, version and load condition for each Windows', async () => {
    const input = await folder();
    expect(await pvdisc(['which', `"${net.toLowerCase()}"\r\nPCI\\VEN_1AF4&DEV_1041`, input])).toEqual({
      exitCode: 0,
      stdout: [
        `${net}: virtio network device`,
        '  driver  Windows     arch  version  folder     loads',
        '  NetKVM  Windows 10  x86   0.1.0.1  Win10/x86  loads without Secure Boot only',
        '  NetKVM  Windows 7   x86   0.1.0.1  Win7/x86   always loads',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  test('marks drivers that need more than the given ID', async () => {
    const { exitCode, stdout } = await pvdisc(['which', '1af4:1041', await folder()]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}NetKVM +Windows 10 /m);
    expect(stdout).toMatch(/^ {2}NetKVM\* +Windows 7 /m);
    expect(stdout).toContain(`\n  *: only devices with ${net}\n`);
  });

  test('takes a release file, and answers in JSON for several devices and inputs', async () => {
    const { file } = await writeRelease({ files });
    const other = await folder();
    const ids = `${net}\n1af4:1042`;
    const { exitCode, stdout, stderr } = await pvdisc(['which', ids, file, other, '--format', 'json']);
    expect(exitCode).toBe(1);
    const { devices } = whichSchema.parse(JSON.parse(stdout));
    expect(devices.map(({ id, device, served }) => ({ id, device, served }))).toEqual([
      { id: net, device: 'virtio network device', served: true },
      { id: 'PCI\\VEN_1AF4&DEV_1042', device: 'virtio block device', served: false },
    ]);
    expect(devices[0]?.inputs.map(({ input, drivers }) => [input, drivers.map(({ inf }) => inf)])).toEqual([
      [file, ['NetKVM/w10/x86/netkvm.inf', 'NetKVM/w7/x86/netkvm.inf']],
      [other, ['Win10/x86/netkvm.inf', 'Win7/x86/netkvm.inf']],
    ]);
    expect(stderr).toContain(
      [
        `PCI\\VEN_1AF4&DEV_1042: virtio block device; no driver in ${file}, ${other} serves it`,
        '  hint: its driver in virtio-win is viostor',
      ].join('\n'),
    );
  });

  test('shows the nearest IDs of a device with another subsystem', async () => {
    const { exitCode, stdout, stderr } = await pvdisc([
      'which',
      'PCI\\VEN_1AF4&DEV_1000&SUBSYS_00011AB8',
      await folder(),
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/virtio network device \(transitional\); no driver in .* serves it\n/);
    expect(stderr).toContain(
      'another subsystem or revision: PCI\\VEN_1AF4&DEV_1000&SUBSYS_00011AF4&REV_00\n',
    );
  });

  test.each([
    {
      id: '1af4:1110',
      says: 'inter-VM shared memory (driver only in upstream builds); its driver in virtio-win is ivshmem',
    },
    { id: '1af4:1049', says: 'virtio 9P transport; no driver for Windows is known' },
    {
      id: 'PCI\\VEN_1B36&DEV_000D',
      says: 'QEMU xHCI USB controller; Windows has its own driver since Windows 8',
    },
    {
      id: 'acpi\\qemu0002',
      says: 'QEMU firmware configuration; its driver in virtio-win is fwcfg or qemufwcfg',
    },
  ])('without inputs, says what $id is', async ({ id, says }) => {
    const { exitCode, stdout, stderr } = await pvdisc(['which', id]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^[A-Z]+\\[^:]+: /);
    expect(stdout.slice(stdout.indexOf(': ') + 2)).toBe(`${says}\n`);
  });

  test.each([
    {
      id: '1af4:9999',
      exitCode: 1,
      says: 'PCI\\VEN_1AF4&DEV_9999: not in the table of devices of virtio, QEMU and Xen\n  hint: check the ID',
    },
    {
      id: '8086:100E',
      exitCode: 1,
      says: 'DEV_100E: not in the table of devices of virtio, QEMU and Xen\n  hint: Windows may have its own driver; or check',
    },
    { id: '0627:0001', exitCode: 1, says: '; as a USB device it is USB\\VID_0627&PID_0001\n' },
    { id: 'PCIVEN_1AF4', exitCode: 2, says: 'PCIVEN_1AF4 has lost its backslash' },
    { id: 'the network card', exitCode: 2, says: '"the network card" holds no hardware ID' },
    { id: 'viostor', exitCode: 2, says: '"viostor" holds no hardware ID' },
    { id: '\u001b[31m x', exitCode: 2, says: 'pvdisc which: "?[31m x" holds no hardware ID' },
  ])('fails for $id with a hint', async ({ id, exitCode, says }) => {
    const result = await pvdisc(['which', id]);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).toContain(says);
    expect(result.stderr).toContain('\n  hint: ');
  });

  test('takes a word without a bus for an ID if a driver offers it', async () => {
    const path = await temporaryFolder('pvdisc-which-');
    await writeTree(path, driverFolder('Win10/x86', { inf: { hardwareIds: ['MY_DEVICE'] } }));
    expect(await pvdisc(['which', 'my_device', path])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^MY_DEVICE\n {2}driver /),
    });
    expect(await pvdisc(['which', 'viostor', path])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('"viostor" holds no hardware ID'),
    });
  });

  test('IDs of a hostile INF reach the terminal as text', async () => {
    const path = await temporaryFolder('pvdisc-which-');
    const ids = [
      'PCI\\VEN_1AF4&DEV_1041&SUBSYS_\u001b[31m',
      `PCI\\${'A_1&'.repeat(1000)}`,
      '\\\\\\',
      '&&&',
      '_',
    ];
    await writeTree(path, driverFolder('Win10/x86', { inf: { hardwareIds: ids } }));
    const { exitCode, stdout, stderr } = await pvdisc(['which', '1af4:1041', path]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('\n  *: only devices with PCI\\VEN_1AF4&DEV_1041&SUBSYS_?[31M\n');
  });

  test('a record without hardware IDs is refused, as is a damaged one', async () => {
    const path = await temporaryFolder('pvdisc-which-');
    await writeFile(join(path, 'release.json'), '{');
    expect(await pvdisc(['which', '1af4:1041', path])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/release\.json: is not the record of a build\n {2}hint: give the ISO/),
    });
  });

  test.skipIf(lacksTool('xorriso', 'xz', 'zstd'))('reads the record of a built release', async () => {
    const { folder: built, record } = await builtSample();
    const { exitCode, stdout } = await pvdisc(['which', 'ROOT\\PVDISC_SAMPLEBLK\\0000', built]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ROOT\\PVDISC_SAMPLEBLK\n {2}driver /);
    const served = record.drivers.filter(({ driver }) => driver === 'sampleblk');
    expect(served.length).toBeGreaterThan(5);
    expect(stdout.match(/^ {2}sampleblk /gm)).toHaveLength(served.length);
    for (const driver of record.drivers) delete driver.hardwareIds;
    const path = await temporaryFolder('pvdisc-which-');
    await writeFile(join(path, 'release.json'), JSON.stringify(record));
    expect(await pvdisc(['which', '1af4:1041', path])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('release.json: has no hardware IDs: an older pvdisc wrote it\n'),
    });
  });
});
