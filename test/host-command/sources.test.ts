import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { addLibvirt, addPool, calls, changeGuest, type FakeGuest, setMediumSize } from './fake-virsh.ts';
import { guestXml } from './guest-xml.ts';
import { type Host, installDisc, makeHost, shells } from './host.ts';

const uuid = '11111111-2222-4333-8444-555555555555';
const tray = { target: 'sda', bus: 'sata' };

/** A guest with a CD drive sdb of this type and source, and an empty one. */
function xmlWith(type: string, source: string): string {
  const xml = guestXml([tray, { target: 'sdb', bus: 'sata', source: 'SOURCE' }]);
  return xml
    .replace(/<source file='SOURCE'[^>]*>/, source)
    .replace(/<disk type='file'(?=[^>]*>\s*<driver name='qemu'\/>\s*<source)/, `<disk type='${type}'`);
}

const network = (protocol: string, name: string, host = "<host name='san' port='3260'/>") =>
  xmlWith(
    'network',
    `<source protocol='${protocol}'${name === '' ? '' : ` name='${name}'`}>${host}</source>`,
  );

async function hostWith(guest: Partial<FakeGuest>): Promise<Host> {
  const host = await makeHost();
  await installDisc(host, 'virtio-win-1.0');
  await addLibvirt(host, [{ name: 'win', uuid, ...guest }]);
  return host;
}

const inserted = 'win: virtio-win-1.0 is in sda (sata), at the next start';
const already = 'win: virtio-win-1.0 is already in sdb (sata), at the next start';

describe.skipIf(lacksTool('dash', 'busybox'))('a disc that is no file of the guest', () => {
  describe.each(shells)('in %s', (shell) => {
    test.each([
      ['iscsi', 'iqn.2026-01.test:virtio-win-1.0/1', 'iscsi://san:3260/iqn.2026-01.test:virtio-win-1.0/1'],
      ['nbd', 'virtio-win-1.0.iso', 'nbd://san:3260/virtio-win-1.0.iso'],
      ['rbd', 'isos/virtio-win-1.0', 'rbd://san:3260/isos/virtio-win-1.0'],
    ])('over %s is known by its name', async (protocol, name, url) => {
      const host = await hostWith({ config: network(protocol, name) });
      expect(await host.run(shell, 'attach', 'win')).toEqual({ exitCode: 0, stdout: already, stderr: '' });
      expect(await calls(host)).toEqual([]);
      expect((await host.run(shell, 'status', 'win')).stdout.split('\n')[2]).toBe(
        `at the next start  sdb     sata  virtio-win-1.0  from ${url}`,
      );
      const { discs } = JSON.parse((await host.run(shell, 'status', '--json', 'win')).stdout);
      expect(discs).toMatchObject([{ disc: 'virtio-win-1.0', path: url, present: true, leads_to: null }]);
      expect((await host.run(shell, 'leftover')).stdout).toContain('sdb     virtio-win-1.0');
      expect((await host.run(shell, 'eject', 'win')).stdout).toBe(
        'win: virtio-win-1.0 is out of sdb (sata), at the next start',
      );
      const [call] = await calls(host);
      expect(call?.xml).toMatch(/^<disk type='file'/);
      expect(call?.xml).not.toContain('<source');
    });

    test('as a copy elsewhere it is known by its name and size; another disc of that name is not it', async () => {
      const host = await hostWith({
        config: xmlWith('file', "<source file='/srv/isos/virtio-win-1.0.iso'/>"),
      });
      expect(await host.run(shell, 'attach', 'win')).toEqual({ exitCode: 0, stdout: already, stderr: '' });
      const copy = join(host.folder, 'virtio-win-1.0.iso');
      await changeGuest(host, { uuid, config: xmlWith('file', `<source file='${copy}'/>`) });
      await writeFile(copy, 'disc virtio-win-1.0\n');
      expect((await host.run(shell, 'status', 'win')).stdout.split('\n')[2]).toBe(
        `at the next start  sdb     sata  virtio-win-1.0  from ${copy}`,
      );
      expect((await host.run(shell, 'swap', 'win')).stdout).toBe(
        `win: virtio-win-1.0 is in sdb (sata) instead of virtio-win-1.0 from ${copy}, at the next start`,
      );
      await changeGuest(host, { uuid, config: xmlWith('file', `<source file='${copy}'/>`) });
      await writeFile(copy, 'the disc of somebody else');
      expect((await host.run(shell, 'attach', 'win')).stdout).toBe(inserted);
    });

    test('as a block device it is known by the name that udev gives a LUN, or by its size', async () => {
      const lun =
        '/dev/disk/by-path/ip-192.0.2.1:3260-iscsi-iqn.2024-08.internal.virtio-win:virtio-win-1.0-lun-1';
      const block = (device: string) => xmlWith('block', `<source dev='${device}'/>`);
      const host = await hostWith({ config: block(lun) });
      await installDisc(host, 'virtio-win-1.0', { fields: { Size: '4096' } });
      expect(await host.run(shell, 'attach', 'win')).toEqual({ exitCode: 0, stdout: already, stderr: '' });
      await changeGuest(host, { uuid, config: block('/dev/nbd9') });
      expect(await host.run(shell, 'attach', 'win')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('sdb has /dev/nbd9, which may be virtio-win-1.0 or not'),
      });
      await mkdir(join(host.folder, 'libvirt/sys/class/block/nbd9'), { recursive: true });
      await writeFile(join(host.folder, 'libvirt/sys/class/block/nbd9/size'), '8\n');
      expect((await host.run(shell, 'attach', 'win')).stdout).toBe(already);
      await writeFile(join(host.folder, 'libvirt/sys/class/block/nbd9/size'), '9\n');
      expect((await host.run(shell, 'attach', 'win')).stdout).toBe(inserted);
      await changeGuest(host, { uuid, config: block('/dev/sr0') });
      expect((await host.run(shell, 'attach', 'win')).stdout).toBe(inserted);
    });

    test('over NBD without a name is known by the size that a running guest sees, else not added to', async () => {
      const xml = network('nbd', '', "<host transport='unix' socket='/run/n'/>");
      const host = await hostWith({ config: xml });
      expect(await host.run(shell, 'attach', 'win')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: [
          'virtio-win: win: sdb has nbd:///run/n/, which may be virtio-win-1.0 or not (at the next start)',
          `hint: start the guest, since the size of a medium is known while it is in use, then repeat; or empty the drive: virsh change-media ${uuid} sdb --eject --config`,
        ].join('\n'),
      });
      expect(await host.run(shell, 'status', 'win')).toEqual({
        exitCode: 0,
        stdout: 'win (shut off)\nit holds no disc',
        stderr: 'virtio-win: win: sdb has nbd:///run/n/, which may be a disc or not (at the next start)',
      });
      const doubt = 'nbd:///run/n/, which may be a disc or not (at the next start)';
      const stderr = `virtio-win: win: sdb has ${doubt}`;
      expect(await host.run(shell, 'leftover')).toEqual({
        exitCode: 0,
        stdout: 'no guest is known to hold a disc',
        stderr,
      });
      const leftover = await host.run(shell, 'leftover', '--json');
      expect(leftover.stderr).toBe(stderr);
      expect(JSON.parse(leftover.stdout)).toEqual([
        {
          ...{ guest: 'win', uuid, state: 'shut off', where: 'config', target: 'sdb', bus: 'sata' },
          ...{
            disc: null,
            path: 'nbd:///run/n/',
            tray: null,
            chosen: false,
            present: null,
            leads_to: null,
            family: null,
          },
        },
      ]);
      const running = await hostWith({ live: xml, config: xml });
      await setMediumSize(running, 'disc virtio-win-1.0\n'.length);
      expect((await running.run(shell, 'attach', 'win')).stdout).toContain(already);
      expect(await calls(running)).toEqual([]);
      await setMediumSize(running, 4096);
      expect((await running.run(shell, 'attach', 'win')).stdout).toContain(inserted);
    });

    test('an ISO over a network that is called as a disc of ours may be one', async () => {
      for (const iso of ['virtio-win.iso', 'virtio-win-0.9.iso']) {
        const host = await hostWith({ config: network('https', `/isos/${iso}`) });
        expect(await host.run(shell, 'attach', 'win')).toMatchObject({ exitCode: 1, stdout: '' });
      }
    });

    test('another disc over a network, and a hard disk, are in nobody’s way', async () => {
      for (const xml of [
        network('https', '/isos/Win11.iso'),
        network('iscsi', 'iqn.x:y/1').replace("network' device='cdrom'", "network' device='disk'"),
      ]) {
        const host = await hostWith({ config: xml });
        expect(await host.run(shell, 'attach', 'win')).toEqual({ exitCode: 0, stdout: inserted, stderr: '' });
      }
    });

    test('as a volume is found by its path, and by its name where the pool does not run', async () => {
      const host = await hostWith({
        config: xmlWith('volume', "<source pool='vw' volume='virtio-win-1.0.iso'/>"),
      });
      const folder = join(host.discs, '..', 'discs');
      await addPool(host, { name: 'vw', uuid: 'vw', folder, is: ['persistent'] });
      const { exitCode, stdout } = await host.run(shell, 'attach', 'win');
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: already });
      expect(await calls(host)).toEqual([]);
      const gone = await hostWith({ config: xmlWith('volume', "<source pool='no' volume='x.iso'/>") });
      expect(await gone.run(shell, 'attach', 'win')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('sdb has volume no/x.iso, which may be'),
      });
      expect((await gone.run(shell, 'leftover')).stderr).toContain('sdb has volume no/x.iso, which may be');
      expect(await calls(gone)).toEqual([]);
    });

    test.each([
      ['iscsi', 'unit:0:0:1', '/dev/disk/by-path/ip-192.0.2.1:3260-iscsi-iqn.2026-01.test:isos-lun-1'],
      ['stopped', 'unit:0:0:1', undefined],
      ['rbd', 'windows-tools', 'rbd/windows-tools'],
    ])('as a volume of the %s pool it may be a disc, until its size shows', async (pool, volume, path) => {
      const xml = xmlWith('volume', `<source pool='${pool}' volume='${volume}'/>`);
      const host = await hostWith({ config: xml });
      await addPool(host, { name: pool, uuid: pool, folder: '/dev/disk/by-path', is: ['persistent'] });
      if (path !== undefined) await writeFile(join(host.folder, 'libvirt/pools', pool, volume), `${path}\n`);
      const doubt = `virtio-win: win: sdb has volume ${pool}/${volume}, which may be`;
      expect(await host.run(shell, 'attach', 'win')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(`${doubt} virtio-win-1.0 or not (at the next start)`),
      });
      expect((await host.run(shell, 'status', 'win')).stderr).toBe(
        `${doubt} a disc or not (at the next start)`,
      );
      expect(await calls(host)).toEqual([]);
      await changeGuest(host, { uuid, live: xml });
      await setMediumSize(host, 'disc virtio-win-1.0\n'.length);
      expect((await host.run(shell, 'attach', 'win', '--live')).stdout).toBe(
        'win: virtio-win-1.0 is already in sdb (sata), now',
      );
      expect((await host.run(shell, 'status', 'win')).stdout).toContain(
        `virtio-win-1.0  from volume ${pool}/${volume}`,
      );
    });

    test('as a volume that is called as a release is that one; an ISO of another name on another host is none', async () => {
      const host = await hostWith({
        config: xmlWith('volume', "<source pool='rbd' volume='virtio-win-1.0'/>"),
      });
      await mkdir(join(host.folder, 'libvirt/pools/rbd'));
      await writeFile(join(host.folder, 'libvirt/pools/rbd/virtio-win-1.0'), 'rbd/virtio-win-1.0\n');
      expect((await host.run(shell, 'attach', 'win')).stdout).toBe(already);
      const { discs } = JSON.parse((await host.run(shell, 'status', '--json', 'win')).stdout);
      expect(discs).toMatchObject([{ path: 'volume rbd/virtio-win-1.0', present: true, leads_to: null }]);
      const windows = xmlWith('volume', "<source pool='isos' volume='Win11.iso'/>");
      await changeGuest(host, { uuid, config: windows });
      await addPool(host, { name: 'isos', uuid: 'isos', folder: '/srv/isos', is: ['persistent'] });
      expect(await host.run(shell, 'attach', 'win')).toEqual({ exitCode: 0, stdout: inserted, stderr: '' });
    });
  });
});
