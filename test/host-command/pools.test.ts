import { link, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { pathWithout } from '../builders/path-without.ts';
import { canDetachMounts } from '../builders/unmount.ts';
import { addLibvirt, addPool } from './fake-virsh.ts';
import { guestXml } from './guest-xml.ts';
import { type Host, installDisc, makeHost, shells, writeProgram } from './host.ts';

const uuid = '11111111-2222-4333-8444-555555555555';
const asRoot = process.getuid?.() === 0 ? '' : 'as root, type: ';
const canDetach = await canDetachMounts();
const tray = { target: 'sda', bus: 'sata', address: '0.0.0.0' };

async function hostWithGuest(): Promise<Host> {
  const host = await makeHost();
  await installDisc(host, 'virtio-win-1.0');
  await addLibvirt(host, [{ name: 'win', uuid, config: guestXml([tray]) }]);
  return host;
}

describe.skipIf(lacksTool('dash', 'busybox'))('a storage pool on the disc folder', () => {
  test.skipIf(!canDetach)('is seen through a bind mount', async () => {
    const host = await hostWithGuest();
    const other = join(host.folder, 'other');
    await mkdir(other);
    await addPool(host, { name: 'bound', uuid, folder: other, is: ['running'] });
    await writeProgram(host, 'bound', `#!/bin/sh\nmount --bind ${host.discs} ${other}\nexec "$@"\n`);
    expect((await host.run('dash', 'verify')).stderr).toBe('');
    const { stderr } = await host.run(`unshare --mount ${host.bin}/bound dash`, 'verify');
    expect(stderr).toContain(`${other} is the storage pool 'bound' of qemu:///system: `);
    expect(stderr).toContain('deletes the discs in it');
  });

  describe.each(shells)('in %s', (shell) => {
    test.each([
      {
        name: 'virtio-win',
        is: ['running', 'persistent'] as const,
        remedy:
          'virsh -c qemu:///system pool-destroy virtio-win; virsh -c qemu:///system pool-undefine virtio-win',
      },
      {
        name: "it's",
        is: ['persistent'] as const,
        remedy: "virsh -c qemu:///system pool-undefine 'it'\\''s'",
      },
      {
        name: 'transient',
        is: ['running'] as const,
        remedy: 'virsh -c qemu:///system pool-destroy transient',
      },
    ])('$name: attach, status and verify warn of it', async ({ name, is, remedy }) => {
      const host = await hostWithGuest();
      await addPool(host, { name, uuid, folder: host.discs, is });
      const warning = [
        `virtio-win: ${host.discs} is the storage pool '${name}' of qemu:///system: virsh undefine --remove-all-storage deletes the discs in it`,
        `hint: remove the pool, which leaves the files: ${asRoot}${remedy}`,
      ].join('\n');
      for (const words of [['attach', 'win'], ['status', 'win'], ['verify']]) {
        expect(await host.run(shell, ...words)).toMatchObject({ exitCode: 0, stderr: warning });
      }
      const pool = { connect: 'qemu:///system', name, path: host.discs };
      expect(JSON.parse((await host.run(shell, 'status', '--json', 'win')).stdout).pools).toEqual([pool]);
      const [disc] = JSON.parse((await host.run(shell, 'verify', '--json')).stdout);
      expect(disc).toMatchObject({ disc: 'virtio-win-1.0', good: true, pools: [pool] });
    });

    test('attach and status do not wait for storage that does not answer', async () => {
      const host = await hostWithGuest();
      const virsh = await readFile(join(host.bin, 'virsh'), 'utf8');
      await writeProgram(
        host,
        'virsh',
        virsh.replace('pool-list)', 'pool-list) echo asked >asked; exec sleep 600;;\n  x)'),
      );
      expect(await host.run(shell, 'status', 'win')).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await readFile(join(host.folder, 'libvirt/asked'), 'utf8')).toBe('asked\n');
    });

    test('is found through a link; one above or below the folder, or elsewhere, does no harm', async () => {
      const host = await hostWithGuest();
      await symlink(host.discs, join(host.folder, 'a & b'));
      await mkdir(join(host.discs, 'releases'));
      const elsewhere = [host.folder, join(host.discs, 'releases'), join(host.folder, 'gone')];
      for (const [at, folder] of elsewhere.entries()) {
        await addPool(host, { name: 'other', uuid: `${uuid}${at}`, folder, is: ['running', 'persistent'] });
      }
      expect((await host.run(shell, 'status', 'win')).stderr).toBe('');
      await addPool(host, { name: 'p', uuid, folder: join(host.folder, 'a & b'), is: ['persistent'] });
      expect((await host.run(shell, 'status', 'win')).stderr).toContain(
        `${host.folder}/a & b is the storage pool 'p' of qemu:///system`,
      );
    });

    test('on the second names, or on the folder of the link of the alternatives, is warned of as well', async () => {
      const host = await hostWithGuest();
      const alternatives = join(host.folder, 'alternatives');
      const seconds = join(host.discs, 'releases/virtio-win');
      for (const folder of [alternatives, seconds]) await mkdir(folder, { recursive: true });
      await symlink(join(host.discs, 'virtio-win-1.0.iso'), join(alternatives, 'virtio-win.iso'));
      await symlink(join(alternatives, 'virtio-win.iso'), join(host.discs, 'virtio-win.iso'));
      await addPool(host, { name: 's', uuid, folder: seconds, is: ['running'] });
      await addPool(host, { name: 'a', uuid: `${uuid}1`, folder: alternatives, is: ['running'] });
      const deletes = (folder: string, name: string, what: string) =>
        `virtio-win: ${folder} is the storage pool '${name}' of qemu:///system: virsh undefine --remove-all-storage deletes ${what} in it`;
      expect((await host.run(shell, 'status', 'win')).stderr.split('\n')).toEqual([
        deletes(seconds, 's', "the discs' second names"),
        `hint: remove the pool, which leaves the files: ${asRoot}virsh -c qemu:///system pool-destroy s`,
        deletes(alternatives, 'a', 'the link that virtio-win.iso is'),
        `hint: remove the pool, which leaves the files: ${asRoot}virsh -c qemu:///system pool-destroy a`,
      ]);
    });

    test('verify names a pool once where system and session are one libvirt', async () => {
      const host = await hostWithGuest();
      await addPool(host, { name: 'p', uuid, folder: host.discs, is: ['running'] });
      const virsh = await readFile(join(host.bin, 'virsh'), 'utf8');
      await writeProgram(host, 'virsh', virsh.replace('[ "$2" = "$(cat uri)" ] ||', 'true ||'));
      const [disc] = JSON.parse((await host.run(shell, 'verify', '--json')).stdout);
      expect(disc.pools).toEqual([{ connect: 'qemu:///system', name: 'p', path: host.discs }]);
    });

    test('verify needs no libvirt, and no answer of one', async () => {
      const host = await makeHost();
      await installDisc(host, 'virtio-win-1.0');
      await writeProgram(host, 'virsh', '#!/bin/sh\necho "error: failed to connect" >&2\nexit 1\n');
      const good = { exitCode: 0, stdout: `${host.discs}/virtio-win-1.0.iso: good`, stderr: '' };
      expect(await host.run(shell, 'verify')).toEqual(good);
      host.env.PATH = await pathWithout('virsh');
      expect(await host.run(shell, 'verify')).toEqual(good);
    });

    test('verify tells how a deleted disc comes back from its second name', async () => {
      const host = await makeHost();
      const path = await installDisc(host, 'virtio-win-1.0');
      await installDisc(host, 'other-2.0');
      const spare = join(host.discs, 'releases/virtio-win/virtio-win-1.0.iso');
      await mkdir(join(spare, '..'), { recursive: true });
      await link(path, spare);
      await rm(path);
      expect(await host.run(shell, 'verify')).toEqual({
        exitCode: 1,
        stdout: `${host.discs}/other-2.0.iso: good\n${path}: it is not there`,
        stderr: `virtio-win: ${host.discs}: not every disc is as its record says\nhint: as root, type: ln ${spare} ${host.discs}/`,
      });
      expect(await host.run(shell, 'path', '--disc', 'virtio-win-1.0')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `virtio-win: ${path}: it is not there\nhint: as root, type: ln ${spare} ${host.discs}/; virtio-win verify checks all discs`,
      });
      await rm(join(host.discs, 'other-2.0.iso'));
      expect((await host.run(shell, 'path', '--disc', 'other-2.0')).stderr).toContain(
        'type: apt-get install --reinstall other; virtio-win verify',
      );
      expect((await host.run(shell, 'verify')).stderr).toContain(
        `type: ln ${spare} ${host.discs}/; apt-get install --reinstall other\n`.trimEnd(),
      );
      await link(spare, path);
      expect(await host.run(shell, 'verify', '--disc', 'virtio-win-1.0')).toMatchObject({ exitCode: 0 });
    });
  });
});
