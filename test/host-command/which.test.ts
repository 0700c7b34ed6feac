import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDevices } from '../../pipeline/formats/windows/device-query.ts';
import { guestDevices } from '../../pipeline/formats/windows/guest-devices.ts';
import { answerFor } from '../../pipeline/inspect/which.ts';
import { lacksTool } from '../builders/needs.ts';
import { pastes } from '../builders/pasted-ids.ts';
import { type Host, installDisc, makeHost, shells, writeProgram } from './host.ts';

const net = 'PCI\\VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01';

/** A driver package of a record; `ids` are hardware IDs. */
function driver(name: string, os: string, ids: string, more: Readonly<Record<string, string>> = {}) {
  const folder = `${name}/${os}/amd64`;
  const inf = `${folder}/${name}.inf`;
  return {
    Driver: name,
    Os: os,
    Arch: 'amd64',
    Folder: folder,
    Inf: inf,
    Signature: 'unsigned',
    'Hardware-Ids': ids,
    ...more,
  };
}

const drivers = [
  driver('NetKVM', 'w10', net, {
    Windows: 'Windows 10',
    'Driver-Version': '100.1',
    Loads: 'never loads',
    Class: 'Net',
    'Compatible-Ids': 'PCI\\VEN_1AF4&DEV_1041',
  }),
  driver('NetKVM', 'w8', net, { Windows: 'Windows 8', Loads: 'always loads' }),
  driver('smbus', 'w11', 'PCI\\VEN_8086&CC_0C05'),
  driver('pvpanic', 'w11', 'ACPI\\QEMU0001'),
  driver('odd', 'w11', `PCI\\${'A_1&'.repeat(100)} \\\\\\ &&& _ ( [ $(id) PCI\\VEN_1AF4&DEV_1041&SUBSYS_(`),
];

interface JsonAnswer {
  readonly id: string;
  readonly device: string | null;
  readonly virtio_win_drivers: readonly string[];
  readonly xen_pv_drivers: readonly string[];
  readonly inbox: string | null;
  readonly near: readonly string[];
  readonly drivers: readonly { readonly inf: string; readonly id: string; readonly fit: string }[];
}

async function hostWith(given = drivers): Promise<Host> {
  const host = await makeHost();
  await installDisc(host, 'a-1.0', { drivers: given });
  return host;
}

describe.skipIf(lacksTool('dash', 'busybox'))('which', () => {
  describe.each(shells)('in %s', (shell) => {
    test('prints driver, Windows, version, folder and load condition, and marks what needs more than the ID', async () => {
      const host = await hostWith();
      expect(await host.run(shell, 'which', '1af4:1041', 'acpi\\qemu0001')).toEqual({
        exitCode: 0,
        stdout: [
          'PCI\\VEN_1AF4&DEV_1041: virtio network device',
          'DRIVER   WINDOWS     ARCH   VERSION  SIGNATURE  FOLDER            LOADS',
          'NetKVM   Windows 10  amd64  100.1    unsigned   NetKVM/w10/amd64  never loads',
          'NetKVM*  Windows 8   amd64  -        unsigned   NetKVM/w8/amd64   always loads',
          'odd*     w11         amd64  -        unsigned   odd/w11/amd64     -',
          `*: only devices with ${net}`,
          '*: only devices with PCI\\VEN_1AF4&DEV_1041&SUBSYS_(',
          '',
          'ACPI\\QEMU0001: QEMU pvpanic device',
          'DRIVER   WINDOWS  ARCH   VERSION  SIGNATURE  FOLDER             LOADS',
          'pvpanic  w11      amd64  -        unsigned   pvpanic/w11/amd64  -',
        ].join('\n'),
        stderr: '',
      });
    });

    test('says what a device without a driver is, and where its driver may be', async () => {
      const host = await hostWith();
      await installDisc(host, 'b-2.0', { drivers: [driver('viostor', 'w11', 'PCI\\VEN_1AF4&DEV_1042')] });
      const ids = [
        '1af4:1042',
        '1af4:1045',
        '1af4:1049',
        '1af4:9999',
        '8086:100e',
        '1b36:000d',
        'PCI\\VEN_1AF4&DEV_1041&REV_00',
      ];
      const { exitCode, stdout, stderr } = await host.run(shell, 'which', '--disc', 'a-1.0', ...ids);
      expect({ exitCode, stdout }).toEqual({
        exitCode: 1,
        stdout: expect.stringMatching(/^PCI.*DEV_1041&REV_00: /),
      });
      const unserved = [
        ['DEV_1042: virtio block device', 'give --disc: these discs have one: b-2.0'],
        ['DEV_1045: virtio memory balloon', 'its driver in virtio-win is Balloon'],
        ['DEV_1049: virtio 9P transport', 'no driver for Windows is known'],
        [
          'DEV_9999: not in the table of devices of virtio, QEMU and Xen',
          'check the ID in Device Manager: Details, Hardware Ids',
        ],
        [
          'VEN_8086&DEV_100E: not in the table of devices of virtio, QEMU and Xen',
          'Windows may have its own driver; or check the ID in Device Manager: Details, Hardware Ids',
        ],
      ].map(
        ([what = '', hint]) =>
          `virtio-win: PCI\\${what.startsWith('VEN') ? what : `VEN_1AF4&${what}`}; no driver on a-1.0 serves it\nhint: ${hint}`,
      );
      const xhci =
        'virtio-win: PCI\\VEN_1B36&DEV_000D: QEMU xHCI USB controller; no driver on a-1.0 serves it';
      expect(stderr).toBe(
        [...unserved, `${xhci}\nhint: Windows has its own driver since Windows 8`].join('\n'),
      );
    });

    test('shows the nearest IDs where the subsystem is another', async () => {
      const host = await hostWith([driver('NetKVM', 'w8', net)]);
      const { exitCode, stdout, stderr } = await host.run(
        shell,
        'which',
        'PCI\\VEN_1AF4&DEV_1041&SUBSYS_00011AB8',
      );
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain(`\nhint: the nearest IDs on it have another subsystem or revision: ${net}`);
    });

    test.each([
      {
        words: ['PCIVEN_1AF4'],
        says: 'which: PCIVEN_1AF4 has lost its backslash, and what follows the first & is missing',
      },
      { words: ['the network card'], says: 'which: "the network card" holds no hardware ID' },
      { words: [''], says: 'which: "" holds no hardware ID' },
    ])('wrong usage ends with 2: $words', async ({ words, says }) => {
      const { exitCode, stdout, stderr } = await (await hostWith()).run(shell, 'which', ...words);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      const hint =
        "quote the ID, as in virtio-win which 'PCI\\VEN_1AF4&DEV_1041'; Device Manager shows it under Details, Hardware Ids";
      expect(stderr).toBe(`virtio-win: ${says}\nhint: ${hint}`);
    });

    test('a record without hardware IDs, and a disc of symbols, give no answer', async () => {
      const host = await hostWith([{ ...driver('NetKVM', 'w10', ''), 'Hardware-Ids': '' }]);
      expect(await host.run(shell, 'which', '1af4:1041')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: [
          `virtio-win: ${host.discs}/a-1.0.disc: it has no hardware IDs; an older pvdisc wrote it`,
          'hint: install a package of this disc that a newer pvdisc built',
        ].join('\n'),
      });
      await installDisc(host, 'symbols-1.0', { fields: { Kind: 'symbols' }, drivers: [] });
      await symlink('a-1.0.iso', join(host.discs, 'virtio-win.iso'));
      expect(await host.run(shell, 'which', '1af4:1041', '--disc', 'symbols-1.0')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/it is a disc of symbols, so its record lists no drivers\nhint: ./),
      });
    });
  });

  describe.skipIf(lacksTool('mawk')).each(['mawk', 'busybox awk'])('with %s', (awk) => {
    async function hostWithAwk(): Promise<Host> {
      const host = await hostWith();
      await writeProgram(host, 'awk', `#!/bin/sh\nexec ${awk} "$@"\n`);
      return host;
    }

    test('reads pasted texts and answers as pvdisc which does', async () => {
      const host = await hostWithAwk();
      const known = drivers.map((stanza) => ({
        ...{ driver: stanza.Driver, target: { os: stanza.Os, arch: 'amd64' }, inf: stanza.Inf },
        signature: 'unsigned' as const,
        verdict: { integrity: 'none' as const, uncovered: [], trust: 'unsigned' as const },
        hardwareIds: stanza['Hardware-Ids'].split(' '),
        compatibleIds: (stanza as Record<string, string>)['Compatible-Ids']?.split(' ') ?? [],
      }));
      const others = [
        'pci\\ven_8086&dev_2930&cc_0c0500',
        'PCI\\VEN_1AF4',
        'PCI\\VEN_1AF4&DEV_1041&REV_00',
        'a(b',
        '[',
        '$(touch owned); `touch owned` PCI\\VEN_1AF4&DEV_1041',
      ];
      for (const text of [...pastes.map((paste) => paste.text), ...others]) {
        const expected = readDevices(text).map((id) => answerFor(id, [{ input: 'x', drivers: known }]));
        const { stdout, exitCode } = await host.run('dash', 'which', '--json', text);
        const given: JsonAnswer[] = stdout === '' ? [] : JSON.parse(stdout).devices;
        expect({ text, answers: given.map(comparable) }).toEqual({
          text,
          answers: expected.map(
            ({
              id,
              device = null,
              virtioWinDrivers = [],
              xenPvDrivers = [],
              inbox = null,
              inputs: [input],
            }) => ({
              ...{ id, device, virtio_win_drivers: virtioWinDrivers, xen_pv_drivers: xenPvDrivers },
              ...{ inbox, near: input?.near },
              drivers: input?.drivers.map(({ inf, id: own, fit }) => [inf, own, fit]).sort(),
            }),
          ),
        });
        const unserved = expected.some(({ served }) => served === false);
        expect({ text, exitCode }).toEqual({ text, exitCode: expected.length === 0 ? 2 : unserved ? 1 : 0 });
      }
    });

    test('knows every device of the table', async () => {
      const host = await hostWithAwk();
      const { exitCode, stdout } = await host.run(
        'dash',
        'which',
        '--json',
        ...guestDevices.map(({ id }) => id),
      );
      expect(exitCode).toBe(1);
      const answers: JsonAnswer[] = JSON.parse(stdout).devices;
      expect(
        answers.map(({ id, device, virtio_win_drivers, xen_pv_drivers, inbox }) => ({
          id,
          name: device,
          drivers: [...virtio_win_drivers, ...xen_pv_drivers],
          inbox,
        })),
      ).toEqual(
        guestDevices.map(({ id, name, drivers: own, inbox = null }) => ({ id, name, drivers: own, inbox })),
      );
    });
  });
});

function comparable({ drivers: found, ...answer }: JsonAnswer) {
  return { ...answer, drivers: found.map(({ inf, id, fit }) => [inf, id, fit]).sort() };
}

test('the table of devices on hosts is that of the pipeline', async () => {
  const written = await readFile('debian/host/devices.tsv', 'utf8');
  const lines = guestDevices.map(({ id, name, drivers: own, inbox = '' }) =>
    [id, name, own.join(' '), inbox, /5853|^XEN/.test(id) ? 'xenpv' : 'virtio'].join('\t'),
  );
  expect(written, 'run node scripts/write-device-table.mjs').toBe(`${lines.join('\n')}\n`);
});
