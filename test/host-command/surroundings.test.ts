import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { addLibvirt, addPool } from './fake-virsh.ts';
import { guestXml } from './guest-xml.ts';
import { installDisc, makeHost, shells } from './host.ts';

const uuid = '11111111-2222-4333-8444-555555555555';

describe.skipIf(lacksTool('dash', 'busybox'))('surroundings', () => {
  describe.each(shells)('in %s', (shell) => {
    test('variables of the caller do not count, and the folder that one names is not removed', async () => {
      const host = await makeHost();
      await installDisc(host, 'virtio-win-1.0');
      await addLibvirt(host, [{ name: 'win', uuid, config: guestXml([{ target: 'sda', bus: 'sata' }]) }]);
      const own = join(host.folder, 'own');
      await mkdir(own);
      const names = [
        'temp',
        'locked',
        'uri',
        'user_id',
        'real_folder',
        'operand_name',
        'name',
        'qmp_process',
      ];
      for (const name of names) host.env[name] = own;
      host.env.uri = 'xen+ssh://x/';
      expect(await host.run(shell, 'attach', 'win')).toEqual({
        exitCode: 0,
        stdout: 'win: virtio-win-1.0 is in sda (sata), at the next start',
        stderr: '',
      });
      expect(existsSync(own)).toBe(true);
    });

    test('discs of a folder that is gone are still those that guests hold', async () => {
      const host = await makeHost();
      host.env.VIRTIO_WIN_DIR = '/none/discs';
      const source = '/none/discs/virtio-win-1.0.iso';
      const config = guestXml([{ target: 'sda', bus: 'sata', source }]);
      await addLibvirt(host, [{ name: 'win', uuid, config }]);
      const { stdout } = await host.run(shell, 'leftover', '--json');
      expect(JSON.parse(stdout)).toMatchObject([{ disc: 'virtio-win-1.0', present: false }]);
    });

    test('a pool is named as it is, with a colon at its end', async () => {
      const host = await makeHost();
      await installDisc(host, 'virtio-win-1.0');
      await addLibvirt(host, [{ name: 'win', uuid, config: guestXml([]) }]);
      await addPool(host, { name: 'isos:', uuid, folder: host.discs, is: ['running'] });
      const { stderr } = await host.run(shell, 'status', 'win');
      expect(stderr).toContain("the storage pool 'isos:' of");
      expect(stderr).toMatch(/pool-destroy '?isos:'?$/m);
    });

    test('a link to a file that is called .iso chooses no disc', async () => {
      const host = await makeHost();
      await installDisc(host, 'virtio-win-1.0');
      await symlink('/.iso', join(host.discs, 'virtio-win.iso'));
      expect(await host.run(shell, 'path')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('it leads to no installed disc'),
      });
    });
  });
});
