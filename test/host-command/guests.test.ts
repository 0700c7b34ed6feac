import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { pathWithout } from '../builders/path-without.ts';
import { writeTree } from '../builders/tree.ts';
import { addLibvirt, calls, changeGuest, refuse, vanish } from './fake-virsh.ts';
import { guestXml } from './guest-xml.ts';
import { forXen, type Host, installDisc, makeHost, shells } from './host.ts';

const one = '11111111-2222-4333-8444-555555555555';
const two = '22222222-2222-4333-8444-555555555555';
const tray = { target: 'sda', bus: 'sata', address: '0.0.0.0' };

async function hostWithDiscs(): Promise<{ host: Host; current: string; old: string }> {
  const host = await makeHost();
  const current = await installDisc(host, 'virtio-win-1.0');
  return { host, current, old: join(host.discs, 'virtio-win-0.9.iso') };
}

describe.skipIf(lacksTool('dash', 'busybox'))('guests', () => {
  describe.each(shells)('in %s', (shell) => {
    test('--all PATTERN: each guest of such a name; one that fails keeps no other from its disc', async () => {
      const { host, old } = await hostWithDiscs();
      const three = '33333333-2222-4333-8444-555555555555';
      await addLibvirt(host, [
        { name: 'clone 1', uuid: one, config: guestXml([tray]) },
        { name: 'win', uuid: two, config: guestXml([tray]) },
        { name: 'clone-2', uuid: three, config: guestXml([tray]) },
      ]);
      const said = (name: string, fact: string) =>
        `${name}: virtio-win-1.0 is ${fact} (sata), at the next start`;
      expect(await host.run(shell, 'attach', '--all', 'clone[ -]?')).toEqual({
        exitCode: 0,
        stdout: `${said('clone 1', 'in sda')}\n${said('clone-2', 'in sda')}`,
        stderr: '',
      });
      expect((await calls(host)).map(({ words }) => words)).toEqual([
        `update-device ${one} --config`,
        `update-device ${three} --config`,
      ]);
      await changeGuest(host, { uuid: one, config: guestXml([{ ...tray, source: old }]) });
      expect(await host.run(shell, 'attach', '--all=*')).toEqual({
        exitCode: 1,
        stdout: `${said('win', 'in sda')}\n${said('clone-2', 'already in sda')}`,
        stderr: [
          'virtio-win: clone 1: sda already holds virtio-win-0.9 (at the next start)',
          'hint: to change it for virtio-win-1.0: virtio-win swap; to take it out: virtio-win eject',
          'virtio-win: *: 1 of 3 guests failed',
          'hint: the messages above say why; the other guests have what was asked for',
        ].join('\n'),
      });
      expect((await host.run(shell, 'eject', '--all', 'clone*')).exitCode).toBe(0);
      expect((await host.run(shell, 'leftover')).stdout).toMatch(/^GUEST.*\nwin /);
      expect(await host.run(shell, 'swap', '--all', 'none*')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(
          'none*: no guest at qemu:///system has such a name\nhint: a pattern is',
        ),
      });
    });

    test.each(['- my guest', '--help', 'it\'s "quoted" \\ & <odd>', 'win 11  x'])(
      'may be called %s',
      async (name) => {
        const { host } = await hostWithDiscs();
        await addLibvirt(host, [
          { name: 'win', uuid: two, config: guestXml([]) },
          { name, uuid: one, config: guestXml([tray]) },
        ]);
        const { exitCode, stdout } = await host.run(shell, 'attach', '--', name);
        expect({ exitCode, stdout }).toEqual({
          exitCode: 0,
          stdout: `${name}: virtio-win-1.0 is in sda (sata), at the next start`,
        });
        expect((await calls(host))[0]?.words).toBe(`update-device ${one} --config`);
        await changeGuest(host, { uuid: one, config: guestXml([tray]) });
        const status = JSON.parse((await host.run(shell, 'status', '--json', '--', name)).stdout);
        expect(status).toEqual({
          guest: name,
          uuid: one,
          state: 'shut off',
          active: false,
          persistent: true,
          discs: [],
          pools: [],
        });
      },
    );

    test('of equal names need their UUID, in either case of its letters', async () => {
      const { host, current } = await hostWithDiscs();
      const upper = 'abcdef00-2222-4333-8444-555555555555';
      await addLibvirt(host, [
        { name: 'win', uuid: one, config: guestXml([]) },
        { name: 'win', uuid: upper, config: guestXml([{ ...tray, source: current }]) },
      ]);
      expect(await host.run(shell, 'status', 'win')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr:
          `virtio-win: win: several guests have this name\nhint: give the UUID: ${one} ${upper} `.trimEnd(),
      });
      const { stdout } = await host.run(shell, 'status', upper.toUpperCase());
      expect(stdout.split('\n')).toEqual([
        'win (shut off)',
        'WHEN               TARGET  BUS   DISC            REMARK',
        'at the next start  sda     sata  virtio-win-1.0  -',
      ]);
    });

    test('whose names end in spaces need their UUID, which is told', async () => {
      const { host } = await hostWithDiscs();
      await addLibvirt(host, [{ name: 'win  ', uuid: one, config: guestXml([tray]) }]);
      expect(await host.run(shell, 'status', 'win  ')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `virtio-win: win  : a name that ends in spaces finds no guest\nhint: give the UUID: ${one}`,
      });
      expect(await host.run(shell, 'attach', one)).toMatchObject({ exitCode: 0 });
    });

    test('that do not exist: the message names those that do', async () => {
      const { host } = await hostWithDiscs();
      await addLibvirt(host, [
        { name: 'a b', uuid: one, config: guestXml([]) },
        { name: 'c', uuid: two, config: guestXml([]) },
      ]);
      for (const command of ['attach', 'eject', 'swap', 'status']) {
        expect(await host.run(shell, command, 'nope', '-c', 'qemu:///system')).toEqual({
          exitCode: 1,
          stdout: '',
          stderr:
            'virtio-win: nope: there is no such guest at qemu:///system\nhint: guests there: a b, c; --connect URI names another libvirt',
        });
      }
      expect(await host.run(shell, 'leftover', '--connect', 'qemu+ssh://else/system')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(
          /^virtio-win: qemu\+ssh:\/\/else\/system: failed to connect to the hypervisor\nhint: is libvirtd running/,
        ),
      });
    });

    test('without virsh, the message names its package', async () => {
      const { host } = await hostWithDiscs();
      host.env.PATH = await pathWithout('virsh');
      expect(await host.run(shell, 'status', 'win')).toEqual({
        exitCode: 3,
        stdout: '',
        stderr: 'virtio-win: missing: virsh\nhint: as root, type: apt-get install libvirt-clients',
      });
    });

    test('a Xen host needs its own toolstack, not libvirt', async () => {
      const { host } = await hostWithDiscs();
      await installDisc(host, 'xenpv-win-1.0', forXen);
      host.env.PATH = await pathWithout('virsh');
      host.env.VIRTIO_WIN_SYSROOT = join(host.folder, 'root');
      await writeTree(join(host.folder, 'root'), {
        'sys/hypervisor/type': 'xen\n',
        'proc/xen/capabilities': 'control_d\n',
      });
      for (const words of [['attach', 'win'], ['leftover']]) {
        expect(await host.run(shell, ...words)).toEqual({
          exitCode: 3,
          stdout: '',
          stderr: 'virtio-win: missing: xl\nhint: as root, type: apt-get install xen-utils-common',
        });
      }
      expect(await host.run(shell, 'leftover', '--connect', 'qemu+ssh://else/system')).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('missing: virsh'),
      });
      await writeTree(join(host.folder, 'root'), {
        'etc/xensource-inventory': "PRODUCT_BRAND='XenServer'\n",
      });
      expect((await host.run(shell, 'attach', 'win')).stderr).toContain('missing: xe');
    });

    test('eject empties every drive that holds a disc of ours, and no other', async () => {
      const { host, current, old } = await hostWithDiscs();
      const live = guestXml([
        { ...tray, source: '/isos/windows.iso' },
        { target: 'sdb', bus: 'sata', source: current },
        { target: 'sdc', bus: 'scsi', source: old },
      ]);
      const config = guestXml([{ ...tray, source: old }]);
      await addLibvirt(host, [{ name: 'win', uuid: one, live, config }]);
      expect((await host.run(shell, 'eject', 'win')).stdout.split('\n')).toEqual([
        'win: virtio-win-0.9 is out of sda (sata), at the next start',
        'win: virtio-win-1.0 is out of sdb (sata), now',
        'win: virtio-win-0.9 is out of sdc (scsi), now',
      ]);
      const made = await calls(host);
      expect(made.map(({ words }) => words)).toEqual([
        `update-device ${one} --config`,
        `update-device ${one} --live`,
        `update-device ${one} --live`,
      ]);
      expect(made.every(({ xml }) => xml.includes('<readonly/>') && !xml.includes('<source'))).toBe(true);
      expect(made[2]?.xml).toContain("<target dev='sdc' bus='scsi'/>");
    });

    test('a drive that was added hot, whose tray libvirt 9 cannot open, goes with its disc', async () => {
      const { host, current, old } = await hostWithDiscs();
      const live = guestXml([{ ...tray, bus: 'scsi', source: old }]);
      await addLibvirt(host, [{ name: 'win', uuid: one, live, config: guestXml([]) }]);
      await refuse(
        host,
        'update-device.--live',
        "error: 'blockdev-remove-medium': Tray of device 'x' is not open\n",
      );
      const { exitCode, stderr } = await host.run(shell, 'eject', 'win');
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(/so the drive went with the disc$/);
      await changeGuest(host, { uuid: one, live });
      await host.run(shell, 'swap', 'win');
      const made = await calls(host);
      expect(made.map(({ words }) => words.replace(` ${one}`, ''))).toEqual([
        ...['update-device --live', 'detach-device --live'],
        ...['update-device --live', 'detach-device --live', 'attach-device --live'],
      ]);
      expect(made[1]?.xml).toContain(old);
      expect(made[4]?.xml).toContain(current);
    });

    test('eject of one disc, by force, only live', async () => {
      const { host, current, old } = await hostWithDiscs();
      await installDisc(host, 'virtio-win-0.9');
      const xml = guestXml([
        { ...tray, source: current },
        { target: 'sdb', bus: 'sata', source: old },
      ]);
      await addLibvirt(host, [{ name: 'win', uuid: one, live: xml, config: xml }]);
      await host.run(shell, 'eject', 'win', '--disc', 'virtio-win-0.9', '--live', '--force');
      expect((await calls(host)).map(({ words, xml: text }) => [words, /dev='sd.'/.exec(text)?.[0]])).toEqual(
        [[`update-device ${one} --live --force`, "dev='sdb'"]],
      );
      expect(await host.run(shell, 'eject', 'win', '--disc', 'nope')).toMatchObject({ exitCode: 1 });
    });

    test('eject where there is nothing is good; a hard disk is not ejected', async () => {
      const { host, current } = await hostWithDiscs();
      await addLibvirt(host, [
        { name: 'none', uuid: one, config: guestXml([tray]) },
        {
          name: 'stick',
          uuid: two,
          config: guestXml([{ target: 'vda', bus: 'virtio', device: 'disk', source: current }]),
        },
      ]);
      expect(await host.run(shell, 'eject', 'none')).toEqual({
        exitCode: 0,
        stdout: 'none: it holds no disc',
        stderr: '',
      });
      expect(await host.run(shell, 'eject', 'stick')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `virtio-win: stick: vda holds virtio-win-1.0 as a disk, not in a CD drive\nhint: take the whole device away: virsh detach-disk ${two} vda --config`,
      });
      expect(await calls(host)).toEqual([]);
    });

    test('swap puts the chosen disc where another release is, and undoes all when one place refuses', async () => {
      const { host, current, old } = await hostWithDiscs();
      const xml = guestXml([{ ...tray, source: old }]);
      await addLibvirt(host, [
        { name: 'win', uuid: one, live: xml, config: xml },
        { name: 'new', uuid: two, config: guestXml([{ ...tray, source: current }]) },
        { name: 'none', uuid: one.replace('1', '3'), config: guestXml([tray]) },
      ]);
      expect((await host.run(shell, 'swap', 'win')).stdout.split('\n')).toEqual([
        'win: virtio-win-1.0 is in sda (sata) instead of virtio-win-0.9, at the next start',
        'win: virtio-win-1.0 is in sda (sata) instead of virtio-win-0.9, now',
      ]);
      expect((await host.run(shell, 'swap', 'new')).stdout).toBe(
        'new: virtio-win-1.0 is already in sda (sata), at the next start',
      );
      expect(await host.run(shell, 'swap', 'none')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(
          /holds no disc that could be swapped\nhint: put one in: virtio-win attach/,
        ),
      });
      await changeGuest(host, { uuid: one, live: xml, config: xml });
      await refuse(host, 'update-device.--live', 'error: busy\n');
      expect(await host.run(shell, 'swap', 'win')).toMatchObject({ exitCode: 1, stdout: '' });
      const made = await calls(host);
      expect(made.map(({ words }) => words.split(' ').at(-1))).toEqual([
        '--config',
        '--live',
        '--config',
        '--live',
        '--config',
      ]);
      expect(made[4]?.xml).toContain(`<source file='${old}'`);
    });

    test('leftover lists what any guest holds now, at its next start and in its saved state', async () => {
      const { host, current, old } = await hostWithDiscs();
      const gone = guestXml([{ ...tray, source: old }]);
      await addLibvirt(host, [
        {
          name: 'a "b"',
          uuid: one,
          live: guestXml([tray]),
          config: guestXml([{ ...tray, source: current }]),
        },
        { name: 'c', uuid: two, config: guestXml([tray]), saved: gone },
      ]);
      expect((await host.run(shell, 'leftover')).stdout.split('\n')).toEqual([
        'GUEST  STATE     WHEN                TARGET  DISC',
        'a "b"  running   at the next start   sda     virtio-win-1.0',
        'c      shut off  in the saved state  sda     virtio-win-0.9',
      ]);
      const [first, second] = JSON.parse((await host.run(shell, 'leftover', '--json')).stdout);
      expect(first).toEqual({
        guest: 'a "b"',
        uuid: one,
        state: 'running',
        where: 'config',
        target: 'sda',
        bus: 'sata',
        disc: 'virtio-win-1.0',
        path: current,
        tray: null,
        chosen: true,
        present: true,
        leads_to: null,
        family: 'virtio',
      });
      expect(second).toMatchObject({ where: 'saved', path: old, chosen: false, present: false });
      await vanish(host);
      expect(await host.run(shell, 'leftover')).toEqual({
        exitCode: 0,
        stdout: 'no guest holds a disc',
        stderr: '',
      });
    });

    test('no command leaves a temporary file', async () => {
      const { host } = await hostWithDiscs();
      await addLibvirt(host, [{ name: 'win', uuid: one, config: guestXml([tray]) }]);
      await host.run(shell, 'attach', 'win');
      await host.run(shell, 'attach', 'nope');
      expect((await readdir(host.folder)).sort()).toEqual(['bin', 'discs', 'home', 'libvirt', 'tmp']);
      expect(await readdir(join(host.folder, 'tmp'))).toEqual([]);
    });
  });
});
