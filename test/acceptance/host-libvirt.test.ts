import {
  chmod,
  chown,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeInitramfs } from '../builders/guest/initramfs.ts';
import { guestKernel } from '../builders/guest/kernel.ts';
import type { GuestKernel } from '../builders/guest/modules.ts';
import { quickOptions, unpackedKernel } from '../builders/guest/quick-boot.ts';
import { discLine, untilReported } from '../builders/guest/watched.ts';
import { buildIso } from '../builders/iso.ts';
import { type Ended, type Libvirt, type LibvirtMode, startLibvirt } from '../builders/libvirt.ts';
import { lacksTool } from '../builders/needs.ts';
import { writeDisc } from '../host-command/host.ts';

const isSkipped = lacksTool(
  ...['libvirtd', 'virsh', 'virt-xml-validate', 'xmllint', 'qemu-system-x86_64'],
  ...['busybox', 'cpio', 'modprobe', 'depmod', 'xorriso', 'setpriv', 'unshare', 'nsenter'],
);
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('SKIPPED: only root can start the libvirt of the machine');

const first = { 'README.txt': 'first disc\n', 'viostor/w11/amd64/viostor.inf': '; an INF\n' };
const second = { ...first, 'README.txt': 'second disc\n' };
const trees = { 'virtio-win-1.0': first, 'virtio-win-2.0': second };

const name = '- the "guest" &co';

describe.skipIf(isSkipped).each<LibvirtMode>(['session', 'system'])('libvirt in %s mode', (mode) => {
  const isRun = mode === 'session' || isRoot;
  let folder: string;
  let kernel: GuestKernel | undefined;
  let libvirt: Libvirt | undefined;

  beforeAll(async () => {
    kernel = await guestKernel();
    if (!isRun || kernel === undefined) return;
    folder = await mkdtemp(join(tmpdir(), 'pvdisc-libvirt-'));
    await chmod(folder, 0o755);
    await cp(join(import.meta.dirname, '../../debian/host'), join(folder, 'host'), { recursive: true });
    await mkdir(join(folder, 'discs'));
    for (const [release, tree] of Object.entries(trees)) {
      await writeDisc(join(folder, 'discs'), release, { bytes: await buildIso(tree) });
    }
    await symlink('virtio-win-2.0.iso', join(folder, 'discs/virtio-win.iso'));
    await copyFile(await unpackedKernel(kernel.image), join(folder, 'vmlinuz'));
    await chmod(join(folder, 'vmlinuz'), 0o644);
    await writeInitramfs(kernel, folder, 'watch.sh');
    libvirt = await startLibvirt(mode, folder, {
      VIRTIO_WIN_DIR: join(folder, 'discs'),
      VIRTIO_WIN: join(folder, 'host/virtio-win'),
    });
    for (const file of ['console', 'report']) {
      await writeFile(join(folder, file), '');
      await chown(join(folder, file), libvirt.user, libvirt.user).catch(() => undefined);
    }
    await writeFile(join(folder, 'guest.xml'), guestXml(folder));
    await libvirt.virsh('define', '--validate', join(folder, 'guest.xml'));
    await writeFile(join(folder, 'bare.xml'), bareXml);
    await libvirt.virsh('define', '--validate', join(folder, 'bare.xml'));
  }, 300_000);

  afterAll(async () => {
    await libvirt?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const started = (skip: (note: string) => never): Libvirt => libvirt ?? skip('no libvirt for this test');
  const command = (on: Libvirt, ...args: string[]): Promise<Ended> =>
    on.run('sh', join(folder, 'host/virtio-win'), ...args);
  const disc = (release: string) => join(folder, 'discs', `${release}.iso`);
  const report = () => join(folder, 'report');
  const held = async (on: Libvirt, guest: string, ...options: string[]) =>
    (await on.virsh('domblklist', guest, '--details', ...options))
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, device]) => device === 'cdrom')
      .map(([, , target, source]) => `${target} ${source}`);
  const validate = async (on: Libvirt, guest: string, ...options: string[]) => {
    await writeFile(join(folder, 'checked.xml'), await on.virsh('dumpxml', guest, ...options));
    const { exitCode, stderr } = await on.run('virt-xml-validate', join(folder, 'checked.xml'));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringMatching(/ validates$/) });
  };

  test('a running guest: attach, twice, status, swap, eject, a new drive', { timeout: 300_000 }, async ({
    skip,
  }) => {
    const on = started(skip);
    const [uuid = ''] = (await on.virsh('domuuid', name)).split('\n');
    await on.virsh('start', uuid);
    await untilReported(report(), 'READY');

    const attached = await command(on, 'attach', '--disc', 'virtio-win-1.0', '--', name);
    expect(attached).toEqual({
      exitCode: 0,
      stdout: `${name}: virtio-win-1.0 is in sda (sata), at the next start\n${name}: virtio-win-1.0 is in sda (sata), now`,
      stderr: '',
    });
    await untilReported(report(), discLine('sr0', first));
    for (const options of [[], ['--inactive']]) {
      expect(await held(on, uuid, ...options)).toEqual([`sda ${disc('virtio-win-1.0')}`]);
      await validate(on, uuid, ...options);
    }
    const again = await command(on, 'attach', '--disc', 'virtio-win-1.0', uuid);
    expect(again.stdout).toContain('virtio-win-1.0 is already in sda (sata), now');
    expect(await held(on, uuid)).toEqual([`sda ${disc('virtio-win-1.0')}`]);
    expect(await command(on, 'attach', uuid)).toMatchObject({ exitCode: 1, stdout: '' });

    const { stdout: swapped } = await command(on, 'swap', uuid);
    expect(swapped).toContain('virtio-win-2.0 is in sda (sata) instead of virtio-win-1.0, now');
    await untilReported(report(), discLine('sr0', second));
    const status = JSON.parse((await command(on, 'status', '--json', uuid)).stdout);
    expect(status).toMatchObject({ guest: name, uuid, state: 'running', active: true });
    const fact = { target: 'sda', bus: 'sata', disc: 'virtio-win-2.0', chosen: true, present: true };
    expect(status.discs).toMatchObject([
      { where: 'live', ...fact },
      { where: 'config', ...fact },
    ]);
    expect((await command(on, 'leftover')).stdout).toContain('virtio-win-2.0');

    expect((await command(on, 'eject', uuid)).stdout).toContain('virtio-win-2.0 is out of sda (sata), now');
    await untilReported(report(), 'EMPTY sr0');
    for (const options of [[], ['--inactive']]) expect(await held(on, uuid, ...options)).toEqual(['sda -']);
    expect((await command(on, 'leftover')).stdout).toBe('no guest holds a disc');

    expect((await command(on, 'attach', '--bus', 'scsi', uuid)).stdout).toContain(
      'is in the new drive sdb (scsi), now',
    );
    await untilReported(report(), discLine('sr1', second));
    await validate(on, uuid);
    // libvirt 9.0 cannot open the tray of such a drive; a later one may, and then the drive stays, empty.
    expect(await command(on, 'eject', uuid)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('virtio-win-2.0 is out of sdb (scsi), now'),
    });
    expect(['sda -', 'sda -,sdb -']).toContain((await held(on, uuid)).join());
    expect(await held(on, uuid, '--inactive')).toEqual(['sda -', 'sdb -']);
    await on.virsh('destroy', uuid);
  });

  test.runIf(mode === 'session')(
    'two commands at once: one disc gets in, in both places, and the other command says so',
    { timeout: 300_000 },
    async ({ skip }) => {
      const on = started(skip);
      const drive = "<devices><disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk>";
      await writeFile(
        join(folder, 'pair.xml'),
        bareXml.replace('>bare<', '>pair<').replace('<devices>', drive),
      );
      await on.virsh('define', '--validate', join(folder, 'pair.xml'));
      await on.virsh('start', 'pair', '--paused');
      const releases = ['virtio-win-1.0', 'virtio-win-2.0'];
      for (let round = 0; round < 2; round++) {
        const ends = await Promise.all(
          releases.map((release) => command(on, 'attach', 'pair', '--disc', release)),
        );
        const winner = ends.findIndex(({ exitCode }) => exitCode === 0);
        const [won, lost] = [releases[winner] ?? '', releases[1 - winner] ?? ''];
        expect(ends[winner]?.stdout.split('\n')).toEqual(
          ['at the next start', 'now'].map((where) => `pair: ${won} is in hda (ide), ${where}`),
        );
        expect(ends[1 - winner]).toMatchObject({ exitCode: 1, stdout: '' });
        expect(ends[1 - winner]?.stderr).toContain(
          `pair: hda already holds ${won} (at the next start)\nhint: to change it for ${lost}`,
        );
        const swaps = await Promise.all(
          releases.map((release) => command(on, 'swap', 'pair', '--disc', release)),
        );
        expect(swaps.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
        const [now, later] = await Promise.all([held(on, 'pair'), held(on, 'pair', '--inactive')]);
        expect(now).toEqual(later);
        expect(now).toHaveLength(1);
        await command(on, 'eject', 'pair');
      }
      const same = await Promise.all([0, 1].map(() => command(on, 'attach', 'pair')));
      expect(same.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(same.filter(({ stdout }) => stdout.includes('is already in'))).toHaveLength(1);
      for (const options of [[], ['--inactive']]) {
        expect(await held(on, 'pair', ...options)).toEqual([`hda ${disc('virtio-win-2.0')}`]);
      }
      await on.virsh('destroy', 'pair');
      await on.virsh('undefine', 'pair');
      expect(await readdir(join(folder, 'libvirt'), { recursive: true })).not.toContainEqual(
        expect.stringMatching(/virtio-win-.*\.lock$/),
      );
    },
  );

  // The two modes write the same configuration and differ only at run time.
  test.runIf(mode === 'session')(
    'stopped guests: without a CD drive, twice, gone discs, wrong names',
    async ({ skip }) => {
      const on = started(skip);
      expect(await command(on, 'attach', 'bare')).toEqual({
        exitCode: 0,
        stdout: 'bare: virtio-win-2.0 is in the new drive hda (ide), at the next start',
        stderr: '',
      });
      expect((await command(on, 'attach', 'bare')).stdout).toContain('is already in hda (ide)');
      expect(await held(on, 'bare')).toEqual([`hda ${disc('virtio-win-2.0')}`]);
      await validate(on, 'bare');
      expect(await command(on, 'attach', '--live', 'bare')).toMatchObject({ exitCode: 1, stdout: '' });
      expect(await command(on, 'attach', 'no such guest')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(
          `there is no such guest at ${on.uri}\nhint: guests there: ${name}, bare`,
        ),
      });

      await on.virsh('start', 'bare', '--paused');
      expect(await held(on, 'bare')).toEqual([`hda ${disc('virtio-win-2.0')}`]);
      const full = await command(on, 'swap', '--disc', 'virtio-win-1.0', 'bare');
      expect(full.stdout).toContain('virtio-win-1.0 is in hda (ide) instead of virtio-win-2.0, now');
      await on.virsh('destroy', 'bare');

      await rm(disc('virtio-win-1.0'));
      await on.virsh('start', 'bare', '--paused');
      expect(await held(on, 'bare')).toEqual(['hda -']);
      await on.virsh('destroy', 'bare');
      expect(await command(on, 'status', 'bare')).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('not on this host'),
      });
      expect((await command(on, 'eject', 'bare')).stdout).toBe(
        'bare: virtio-win-1.0 is out of hda (ide), at the next start',
      );
      expect(await held(on, 'bare')).toEqual(['hda -']);
    },
  );

  test.runIf(mode === 'session')(
    'a drive on USB, a link, and the snippet as libvirt takes them',
    async ({ skip }) => {
      const on = started(skip);
      const current = disc('virtio-win-2.0');
      const { stdout: snippet } = await command(on, 'snippet', 'libvirt');
      const own = snippet.replace(/<seclabel .*\/>/, '');
      const q35 = bareXml.replace("'pc'", "'q35'").replace('>bare<', '>usb<');
      await writeFile(join(folder, 'usb.xml'), q35.replace('<devices>', `<devices>${own}`));
      await on.virsh('define', '--validate', join(folder, 'usb.xml'));
      const xml = await on.virsh('dumpxml', 'usb');
      expect(xml.match(/<controller type='sata'/g)).toHaveLength(1);
      expect(await held(on, 'usb')).toEqual([`sdb ${current}`]);

      await on.virsh(
        'change-media',
        'usb',
        'sdb',
        join(folder, 'discs/virtio-win.iso'),
        '--update',
        '--config',
      );
      await on.virsh('start', 'usb', '--paused');
      expect((await command(on, 'status', 'usb')).stdout).toContain('which now leads to virtio-win-2.0');
      expect(await command(on, 'attach', 'usb', '--force')).toMatchObject({ exitCode: 2 });
      expect(await command(on, 'attach', 'usb')).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining(
          'virtio-win-2.0 is in sdb (sata) instead of the link virtio-win.iso, now',
        ),
      });
      for (const options of [[], ['--inactive']]) {
        expect(await held(on, 'usb', ...options)).toEqual([`sdb ${current}`]);
      }
      expect(await command(on, 'eject', 'usb')).toMatchObject({ exitCode: 0 });

      for (const place of ['--live', '--config']) {
        const { stdout } = await command(on, 'attach', 'usb', '--bus', 'usb', place);
        expect(stdout).toContain('is in the new drive sda (usb), ');
      }
      expect(await held(on, 'usb', '--inactive')).toEqual(['sdb -', `sda ${current}`]);
      await validate(on, 'usb');
      expect(await command(on, 'eject', 'usb')).toEqual({
        exitCode: 0,
        stdout: ['at the next start', 'now']
          .map((where) => `usb: virtio-win-2.0 is out of sda (usb, the whole drive), ${where}`)
          .join('\n'),
        stderr: '',
      });
      for (const options of [[], ['--inactive']])
        expect(await held(on, 'usb', ...options)).toEqual(['sdb -']);
      await on.virsh('destroy', 'usb');
    },
  );

  test('owner and mode of the disc stay', async ({ skip }) => {
    const on = started(skip);
    const facts = async (path: string) => {
      const { uid, gid, mode: bits } = await stat(path);
      return { uid, gid, bits: bits & 0o7777 };
    };
    const whose = { uid: process.getuid?.(), gid: process.getgid?.(), bits: 0o444 };
    expect(await facts(disc('virtio-win-2.0'))).toEqual(whose);
    await command(on, 'attach', 'bare');
    await on.virsh('start', 'bare', '--paused');
    expect(await facts(disc('virtio-win-2.0'))).toEqual(whose);
    await on.virsh('destroy', 'bare');
    await command(on, 'eject', 'bare');
    expect(await facts(disc('virtio-win-2.0'))).toEqual(whose);

    if (mode === 'session') return;
    const plain = join(folder, 'plain.iso');
    await copyFile(disc('virtio-win-2.0'), plain);
    await on.virsh('change-media', 'bare', 'hda', plain, '--insert', '--config');
    await on.virsh('start', 'bare', '--paused');
    expect((await facts(plain)).uid, 'without our XML, libvirt does take the file').not.toBe(whose.uid);
    await on.virsh('destroy', 'bare');
  });
});

function guestXml(folder: string): string {
  return `<domain type='qemu'>
  <name>${name.replace('&', '&amp;')}</name>
  <memory unit='MiB'>256</memory>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>${folder}/vmlinuz</kernel>
    <initrd>${folder}/initramfs</initrd>
    <cmdline>console=ttyS0 ${quickOptions}</cmdline>
  </os>
  <features><acpi/></features>
  <cpu mode='maximum'/>
  <devices>
    <controller type='scsi' index='0' model='virtio-scsi'/>
    <disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>
    <serial type='file'><source path='${folder}/console'/><target port='0'/></serial>
    <serial type='file'><source path='${folder}/report'/><target port='1'/></serial>
    <memballoon model='none'/>
  </devices>
</domain>
`;
}

const bareXml = `<domain type='qemu'>
  <name>bare</name>
  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices><memballoon model='none'/></devices>
</domain>
`;
