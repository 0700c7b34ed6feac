import { chmod } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { writeTree } from '../builders/tree.ts';

const isRoot = process.getuid?.() === 0;

test.skipIf(lacksTool('setpriv'))('what cannot be read may name a disc, and is told as that', async () => {
  const root = await temporaryFolder('pvdisc-guests-');
  await chmod(root, 0o755);
  await writeTree(root, {
    'etc/libvirt/qemu/open.xml': "<source file='/disc.iso'/>",
    'etc/libvirt/qemu/other.xml': "<source file='/disc.iso.old'/>",
    'etc/libvirt/qemu/volume.xml': "<source pool='isos' volume='disc.iso'/>",
    'etc/libvirt/qemu/volumes.xml': "<source pool='isos' volume='other-disc.iso'/>",
    'etc/libvirt/qemu/secret.xml': "<source file='/other.iso'/>",
  });
  const secret = `${root}/etc/libvirt/qemu/secret.xml`;
  await chmod(secret, 0);
  const user = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env'];
  const script = '. debian/host/lib/guests-naming.sh; guests_naming /disc.iso "$1"';
  const { stdout } = await execa('env', [...user, 'sh', '-euc', script, 'sh', root]);
  expect(stdout.split('\n')).toEqual([
    'guest open',
    `perhaps guest secret (${secret} cannot be read)`,
    'guest volume',
  ]);
});

test('guests of xl name a disc in their configuration files, or while they run in what libxl keeps', async () => {
  const root = await temporaryFolder('pvdisc-guests-');
  await writeTree(root, {
    'etc/xen/new.cfg': "disk = [ 'format=raw, vdev=hdc, access=ro, devtype=cdrom, target=/disc.iso' ]",
    'etc/xen/auto/old': "disk = [ 'file:/disc.iso,hdc:cdrom,r' ]",
    'etc/xen/other.cfg': "disk = [ 'file:/other-disc.iso,hdc:cdrom,r' ]",
    'var/lib/xen/userdata-d.1.x.libxl-json': '{"disks": [{"pdev_path": "/disc.iso"}]}',
  });
  const script = '. debian/host/lib/guests-naming.sh; guests_naming /disc.iso "$1"';
  const { stdout } = await execa('sh', ['-euc', script, 'sh', root]);
  const names = ['etc/xen/new.cfg', 'etc/xen/auto/old', 'var/lib/xen/userdata-d.1.x.libxl-json'];
  expect(stdout.split('\n')).toEqual(names.map((name) => `guest of xl (${root}/${name})`));
});
