import { symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { addLibvirt, calls, changeGuest, type FakeGuest, refuse } from './fake-virsh.ts';
import { addXenstore } from './fake-xl.ts';
import { guestXml } from './guest-xml.ts';
import { forXen, type Host, installDisc, makeHost, shells, writeProgram } from './host.ts';

const uuid = '11111111-2222-4333-8444-555555555555';
const tray = { target: 'sda', bus: 'sata', address: '0.0.0.0', more: "      <boot order='2'/>\n" };
const windows = { target: 'sdb', bus: 'sata', address: '0.0.0.1', source: '/isos/windows.iso' };
const disk = { target: 'vda', bus: 'virtio', device: 'disk', source: '/images/w.qcow2' };
const scsi = { controllers: ['sata:0', 'scsi:0:virtio-scsi'] };

async function hostWith(guest: Partial<FakeGuest>, secmodels?: string[]): Promise<Host> {
  const host = await makeHost();
  await installDisc(host, 'virtio-win-1.0');
  await addLibvirt(host, [{ name: 'win11', uuid, ...guest }], secmodels);
  return host;
}

const said = (line: string) => `win11: virtio-win-1.0 ${line}`;

describe.skipIf(lacksTool('dash', 'busybox'))('attach', () => {
  describe.each(shells)('in %s', (shell) => {
    test('an empty tray is used first, keeping what else its XML says; configuration, then running guest', async () => {
      const xml = guestXml([disk, windows, tray], scsi);
      const host = await hostWith({ live: xml, config: xml });
      expect(await host.run(shell, 'attach', 'win11')).toEqual({
        exitCode: 0,
        stdout: `${said('is in sda (sata), at the next start')}\n${said('is in sda (sata), now')}`,
        stderr: '',
      });
      const made = await calls(host);
      expect(made.map(({ words }) => words)).toEqual([
        `update-device ${uuid} --config`,
        `update-device ${uuid} --live`,
      ]);
      expect(made[0]?.xml.replace(/\s*\n\s*/g, '')).toBe(
        "<disk type='file' device='cdrom'><driver type='raw' name='qemu'/><target dev='sda' bus='sata'/><readonly/><boot order='2'/>" +
          "<address type='drive' controller='0' bus='0' target='0' unit='0'/>" +
          `<source file='${host.discs}/virtio-win-1.0.iso' startupPolicy='optional'><seclabel model='dac' relabel='no'/></source></disk>`,
      );
    });

    test('where libvirt has no dac driver, no such label is given: the guest could not start with it', async () => {
      const host = await hostWith({ config: guestXml([tray]) }, ['none']);
      expect(await host.run(shell, 'attach', 'win11')).toMatchObject({ exitCode: 0 });
      expect((await calls(host))[0]?.xml).not.toContain('seclabel');
    });

    test('a guest that runs with a label of dac, and the session of a user, are known without the slow capabilities', async () => {
      const label = "<seclabel type='dynamic' model='dac' relabel='yes'/>";
      const labelled = guestXml([tray]).replace('</domain>', `${label}</domain>`);
      const system = await hostWith({ live: labelled, config: guestXml([tray]) }, ['none']);
      const session = await hostWith({ config: guestXml([tray]) });
      await writeFile(join(session.folder, 'libvirt/uri'), 'qemu:///session\n');
      for (const host of [system, session])
        expect(await host.run(shell, 'attach', 'win11')).toMatchObject({ exitCode: 0 });
      expect((await calls(system))[0]?.xml).toContain("<seclabel model='dac' relabel='no'/>");
      const isRoot = process.getuid?.() === 0; // whose session has the driver
      expect((await calls(session))[0]?.xml.includes('seclabel')).toBe(isRoot);
    });

    test('a stopped guest without an empty tray gets a new drive, on SATA, at a free target and address', async () => {
      const host = await hostWith({
        config: guestXml([{ ...tray, source: '/isos/other.iso' }, windows], scsi),
      });
      expect(await host.run(shell, 'attach', 'win11')).toEqual({
        exitCode: 0,
        stdout: said('is in the new drive sdc (sata), at the next start'),
        stderr: '',
      });
      const [call] = await calls(host);
      expect(call?.words).toBe(`attach-device ${uuid} --config`);
      expect(call?.xml).toContain("<target dev='sdc' bus='sata'/><readonly/>");
      expect(call?.xml).toContain("<address type='drive' controller='0' bus='0' target='0' unit='2'/>");
    });

    test('a running guest gets a new drive on SCSI, the same in its configuration', async () => {
      const live = guestXml(
        [windows, { target: 'sda', bus: 'scsi', device: 'disk', source: '/d', address: '0.0.0.0' }],
        scsi,
      );
      const host = await hostWith({ live, config: live });
      expect((await host.run(shell, 'attach', 'win11')).stdout.split('\n')).toEqual([
        said('is in the new drive sdc (scsi), at the next start'),
        said('is in the new drive sdc (scsi), now'),
      ]);
      const made = await calls(host);
      expect(made.map(({ words }) => words)).toEqual([
        `attach-device ${uuid} --config`,
        `attach-device ${uuid} --live`,
      ]);
      expect(made[0]?.xml).toBe(made[1]?.xml);
      expect(made[0]?.xml).toContain(
        "bus='scsi'/><readonly/><address type='drive' controller='0' bus='0' target='0' unit='1'/>",
      );
    });

    test('a running guest without a hot bus gets the drive in its configuration, and that is said', async () => {
      const xml = guestXml([windows]);
      const host = await hostWith({ live: xml, config: xml });
      expect(await host.run(shell, 'attach', 'win11')).toEqual({
        exitCode: 0,
        stdout: said('is in the new drive sda (sata), at the next start'),
        stderr: [
          'virtio-win: win11: no bus of it takes a CD drive while it runs (SATA and IDE do not)',
          'hint: shut it down and start it again; a restart inside the guest is not enough',
        ].join('\n'),
      });
      expect((await calls(host)).map(({ words }) => words)).toEqual([`attach-device ${uuid} --config`]);
    });

    test.each([
      { name: '--live asked for', options: ['--live'], transient: false },
      { name: 'both asked for', options: ['--live', '--config'], transient: false },
      { name: 'a transient guest', options: [], transient: true },
    ])('without a hot bus, $name: refused, nothing changed', async ({ options, transient }) => {
      const xml = guestXml([windows]);
      const host = await hostWith(transient ? { live: xml } : { live: xml, config: xml });
      const { exitCode, stdout, stderr } = await host.run(shell, 'attach', 'win11', ...options);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/a CD drive cannot be added while it runs: .* no room on scsi\nhint: /);
      const hint = stderr.slice(stderr.indexOf('hint: '));
      expect(hint).toContain("<controller type='scsi' model='virtio-scsi'/>");
      expect(hint.includes('--live')).toBe(!transient);
      if (transient) expect(hint).toMatch(/^hint: it is transient, .*: create it again with a CD drive/);
      else expect(hint).toMatch(/^hint: give it a virtio-scsi controller .*, or leave --live out/);
      expect(await calls(host)).toEqual([]);
    });

    test('an old machine gets an IDE drive; a full one says so', async () => {
      const ide = (target: string, address: string) => ({
        target,
        bus: 'ide',
        source: `/${target}`,
        address,
      });
      const some = [ide('hda', '0.0.0.0'), ide('hdc', '0.1.0.0')];
      const machine = { controllers: ['ide:0', 'usb:0:none'] };
      const host = await hostWith({ config: guestXml(some, machine) });
      expect((await host.run(shell, 'attach', 'win11')).stdout).toBe(
        said('is in the new drive hdb (ide), at the next start'),
      );
      expect((await calls(host))[0]?.xml).toContain("controller='0' bus='0' target='0' unit='1'");
      const all = [...some, ide('hdb', '0.0.0.1'), ide('hdd', '0.1.0.1')];
      const full = await hostWith({ config: guestXml(all, machine) });
      expect(await full.run(shell, 'attach', 'win11')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: [
          'virtio-win: win11: there is no room for a CD drive on sata, ide or scsi',
          `hint: empty a CD drive that it has, or add a controller: virsh edit ${uuid}, into <devices>: <controller type='sata'/>`,
        ].join('\n'),
      });
    });

    test('a machine without SATA is told which controller to add', async () => {
      const arm = { machine: 'virt-7.2', controllers: ['usb:0:qemu-xhci'] };
      const host = await hostWith({ config: guestXml([disk], arm) });
      expect(await host.run(shell, 'attach', 'win11')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: [
          'virtio-win: win11: there is no room for a CD drive on sata, ide or scsi',
          `hint: empty a CD drive that it has, or add a controller: virsh edit ${uuid}, into <devices>: <controller type='scsi' model='virtio-scsi'/>`,
        ].join('\n'),
      });
    });

    test('--bus chooses, and only where the guest has it', async () => {
      const xml = guestXml([tray], { controllers: ['sata:0', 'usb:0:qemu-xhci'] });
      const host = await hostWith({ live: xml, config: xml });
      expect((await host.run(shell, 'attach', 'win11', '--bus=usb')).stdout).toContain(
        'new drive sdb (usb), now',
      );
      expect((await calls(host))[0]?.xml).toContain("<target dev='sdb' bus='usb'/><readonly/></disk>");
      await changeGuest(host, { uuid, live: xml, config: xml });
      expect(await host.run(shell, 'attach', 'win11', '--bus', 'ide', '--config')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/no room for a CD drive on ide\nhint: .* controller: virsh edit \S+$/),
      });
    });

    test('never twice, by whatever path', async () => {
      const host = await hostWith({});
      const path = join(host.discs, 'virtio-win-1.0.iso');
      await symlink('virtio-win-1.0.iso', join(host.discs, 'virtio-win.iso'));
      await symlink(path, join(host.folder, 'elsewhere.iso'));
      for (const source of [path, join(host.discs, 'virtio-win.iso'), join(host.folder, 'elsewhere.iso')]) {
        const xml = guestXml([{ ...windows, source }, tray]);
        const guest = await hostWith({ live: xml, config: xml });
        guest.env.VIRTIO_WIN_DIR = host.discs;
        const { exitCode, stdout, stderr } = await guest.run(shell, 'attach', 'win11');
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        const made = await calls(guest);
        if (source === path) {
          expect(stdout).toContain(said('is already in sdb (sata), now'));
          expect(made).toEqual([]);
          continue;
        }
        expect(stdout.split('\n')).toEqual(
          ['at the next start', 'now'].map((where) =>
            said(`is in sdb (sata) instead of the link ${basename(source)}, ${where}`),
          ),
        );
        expect(made.map(({ words }) => words)).toEqual([
          `update-device ${uuid} --config`,
          `update-device ${uuid} --live`,
        ]);
        for (const { xml: text } of made) expect(text).toContain(`<source file='${path}'`);
      }
    });

    test('another release of it is not joined: swap is named', async () => {
      const host = await hostWith({});
      const old = join(host.discs, 'virtio-win-0.9.iso');
      await addLibvirt(host, [
        { name: 'old', uuid: uuid.replace('1', '2'), config: guestXml([{ ...windows, source: old }, tray]) },
      ]);
      expect(await host.run(shell, 'attach', 'old')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: [
          'virtio-win: old: sdb already holds virtio-win-0.9 (at the next start)',
          'hint: to change it for virtio-win-1.0: virtio-win swap; to take it out: virtio-win eject',
        ].join('\n'),
      });
      expect(await calls(host)).toEqual([]);
    });

    test('a disc of symbols may join the disc of drivers', async () => {
      const host = await hostWith({});
      await installDisc(host, 'virtio-win-symbols-1.0', { fields: { Kind: 'symbols' }, drivers: [] });
      const source = join(host.discs, 'virtio-win-1.0.iso');
      await addLibvirt(host, [
        { name: 'both', uuid: uuid.replace('1', '2'), config: guestXml([{ ...windows, source }, tray]) },
      ]);
      const { stdout } = await host.run(shell, 'attach', 'both', '--disc', 'virtio-win-symbols-1.0');
      expect(stdout).toBe('both: virtio-win-symbols-1.0 is in sda (sata), at the next start');
    });

    test('a guest that closes the tray of a drive that cannot go is asked again, and its refusal is the one told', async () => {
      const xml = guestXml([tray]);
      const host = await hostWith({ live: xml, config: xml });
      await refuse(host, 'update-device.--live', "error: Tray of device 'sata0-0-0' is not open\n");
      await refuse(
        host,
        'detach-device.--live',
        "error: Operation not supported: disk device type 'cdrom' cannot be detached\n",
      );
      expect(await host.run(shell, 'attach', 'win11')).toMatchObject({
        exitCode: 1,
        stderr: [
          "virtio-win: win11: libvirt refused to change it (now): Tray of device 'sata0-0-0' is not open",
          'hint: eject it inside the guest first, or repeat with --force',
        ].join('\n'),
      });
      const verbs = (await calls(host)).map(({ words }) => words.replace(`${uuid} --`, ''));
      expect(verbs).toEqual([
        'update-device config',
        ...Array(3).fill(['update-device live', 'detach-device live']).flat(),
        'update-device config',
      ]);
    });

    test('when the running guest refuses, the configuration is put back', async () => {
      const xml = guestXml([tray]);
      const host = await hostWith({ live: xml, config: xml });
      await refuse(
        host,
        'update-device.--live',
        'error: Failed to update device\nerror: internal error: tray is locked\n',
      );
      expect(await host.run(shell, 'attach', 'win11')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: [
          'virtio-win: win11: libvirt refused to change it (now): Failed to update device; internal error: tray is locked',
          'hint: eject it inside the guest first, or repeat with --force',
        ].join('\n'),
      });
      const made = await calls(host);
      expect(made.map(({ words }) => words)).toEqual([
        `update-device ${uuid} --config`,
        ...Array(3).fill(`update-device ${uuid} --live`),
        `update-device ${uuid} --config`,
      ]);
      expect(made[4]?.xml).not.toContain('source');
    });

    test('a new drive that the running guest refuses leaves the configuration again', async () => {
      const xml = guestXml([], scsi);
      const host = await hostWith({ live: xml, config: xml });
      await refuse(host, 'attach-device.--live', 'error: no such bus\n');
      await refuse(host, 'detach-device.--config', 'error: it is stuck\n');
      const { exitCode, stderr } = await host.run(shell, 'attach', 'win11');
      expect(exitCode).toBe(1);
      expect(stderr.split('\n')).toEqual([
        'virtio-win: win11: a change (at the next start) could not be undone: it is stuck',
        `hint: virtio-win status ${uuid} shows what is left`,
        'virtio-win: win11: libvirt refused to change it (now): no such bus',
        'hint: the guest is as it was; change what libvirt names, then repeat',
      ]);
      const made = await calls(host);
      expect(made.map(({ words }) => words)).toEqual([
        `attach-device ${uuid} --config`,
        `attach-device ${uuid} --live`,
        `detach-device ${uuid} --config`,
      ]);
      expect(made[2]?.xml).toBe(made[0]?.xml);
    });

    test('Xen: a tray that was or may have been empty when the HVM guest started is not filled while it runs', async () => {
      const hvm = guestXml([{ target: 'hdc', bus: 'ide' }], {
        type: 'xen',
        machine: 'xenfv',
        controllers: [],
      });
      const host = await hostWith({ live: hvm, config: hvm });
      await installDisc(host, 'xenpv-win-1.0', forXen);
      const drive = '/local/domain/0/backend/qdisk/7/5632';
      await addXenstore(host, { [`${drive}/dev`]: 'hdc', [`${drive}/state`]: '1' });
      const attach = () => host.run(shell, 'attach', '--live', '--disc', 'xenpv-win-1.0', 'win11');
      const refused = (words: RegExp) => ({ exitCode: 1, stdout: '', stderr: expect.stringMatching(words) });
      expect(await attach()).toMatchObject(
        refused(/win11: hdc was empty when the guest started: a disc now would crash QEMU/),
      );
      await writeFile(join(host.folder, 'libvirt/uri'), 'xen+ssh://other/system\n');
      const unknown = refused(/win11: hdc may have been empty when .*\nhint: repeat it as root on the host/);
      expect(await attach()).toMatchObject(unknown);
      await writeFile(join(host.folder, 'libvirt/uri'), 'xen:///system\n');
      await writeProgram(host, 'xenstore-list', '#!/bin/sh\nexit 1\n');
      expect(await attach()).toMatchObject(unknown);
      expect(await calls(host)).toEqual([]);
      await addXenstore(host, { [`${drive}/state`]: '2' });
      expect(await attach()).toMatchObject({ exitCode: 0 });
    });

    test('Xen: the tray of an HVM guest, a new read-only disk of a PV guest, and its way out', async () => {
      const empty = { target: 'hdc', bus: 'ide' };
      const hvm = guestXml([empty], { type: 'xen', machine: 'xenfv', controllers: [] });
      const host = await hostWith({ live: hvm, config: hvm });
      await addXenstore(host, { '/local/domain/0/backend/qdisk/7/5632/dev': 'hdc' });
      await installDisc(host, 'xenpv-win-1.0', forXen);
      const stdout =
        'win11: xenpv-win-1.0 is in hdc (ide), at the next start\nwin11: xenpv-win-1.0 is in hdc (ide), now';
      expect(await host.run(shell, 'attach', '--disc', 'xenpv-win-1.0', 'win11')).toEqual({
        exitCode: 0,
        stdout,
        stderr: '',
      });
      const pv = guestXml([{ target: 'xvda', bus: 'xen', device: 'disk' }], {
        type: 'xen',
        machine: 'xenpv',
        controllers: [],
      });
      const other = await hostWith({ live: pv, config: pv });
      await installDisc(other, 'xenpv-win-1.0', forXen);
      expect((await other.run(shell, 'attach', '--disc', 'xenpv-win-1.0', 'win11')).stdout).toBe(
        'win11: xenpv-win-1.0 is in the new drive xvdb (xen), at the next start\nwin11: xenpv-win-1.0 is in the new drive xvdb (xen), now',
      );
      const [call] = await calls(other);
      expect(call?.words).toMatch(/^attach-device \S+ --config$/);
      expect(call?.xml).toMatch(
        /^<disk type='file' device='disk'><source .*<target dev='xvdb' bus='xen'\/><readonly\/><\/disk>$/m,
      );
      expect((await other.run(shell, 'eject', 'win11')).stdout).toContain(
        'is out of xvdb (xen, the whole drive), now',
      );
    });

    test('guests of other hypervisors are refused', async () => {
      const host = await hostWith({ config: guestXml([tray], { type: 'test' }) });
      expect(await host.run(shell, 'attach', 'win11')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining("kind 'test'; only guests of QEMU, KVM and Xen are supported"),
      });
      expect(await calls(host)).toEqual([]);
    });

    test('a saved state is said: it keeps its own devices', async () => {
      const host = await hostWith({ config: guestXml([tray]), saved: guestXml([tray]) });
      const { exitCode, stderr } = await host.run(shell, 'attach', 'win11');
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(/has a saved state.*\nhint: .*virsh managedsave-remove/);
    });
  });
});
