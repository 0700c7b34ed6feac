import { existsSync } from 'node:fs';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { pathWithout } from '../builders/path-without.ts';
import { addLibvirt } from './fake-virsh.ts';
import { guestXml } from './guest-xml.ts';
import { type Host, installDisc, makeHost, shells, writeProgram } from './host.ts';

const uuid = '11111111-2222-4333-8444-555555555555';

async function hostWithKept(
  releases: readonly string[],
): Promise<{ host: Host; kept: string; disc: (release: string) => string }> {
  const host = await makeHost();
  host.env.VIRTIO_WIN_SYSROOT = join(host.folder, 'root');
  const folder = join(host.folder, 'root/var/lib/virtio-win');
  await mkdir(folder, { recursive: true });
  const disc = (release: string) => join(host.discs, `${release}.iso`);
  for (const release of releases) await writeFile(disc(release), release);
  const kept = join(folder, 'kept');
  await writeFile(kept, releases.map((release) => `${disc(release)}\n`).join(''));
  return { host, kept, disc };
}

describe.skipIf(lacksTool('dash', 'busybox'))('prune', () => {
  describe.each(shells)('in %s', (shell) => {
    test('removes what nobody uses, and keeps what a guest or a process uses', async () => {
      const releases = ['gone-1', 'guest-1', 'installed-1', 'open-1', 'unused-1'];
      const { host, kept, disc } = await hostWithKept(releases);
      const config = guestXml([{ target: 'sda', bus: 'sata', source: disc('guest-1') }]);
      await addLibvirt(host, [{ name: 'win', uuid, config }]);
      await installDisc(host, 'installed-1');
      await writeFile(kept, (await readFile(kept, 'utf8')).replace('gone-1', 'went-1'));
      const file = await open(disc('open-1'));
      const { exitCode, stdout, stderr } = await host.run(shell, 'prune');
      await file.close();
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout.split('\n')).toEqual([
        `${disc('went-1')}: gone already`,
        `${disc('guest-1')}: kept, used by: guest win`,
        `${disc('installed-1')}: installed again, so it is no longer a kept file`,
        `${disc('open-1')}: kept, used by: process ${process.pid}`,
        `${disc('unused-1')}: removed`,
      ]);
      expect(await readFile(kept, 'utf8')).toBe(`${disc('guest-1')}\n${disc('open-1')}\n`);
      expect(releases.filter((release) => existsSync(disc(release)))).toEqual([
        'gone-1',
        'guest-1',
        'installed-1',
        'open-1',
      ]);
    });

    test('keeps what a drive of unknown contents may hold', async () => {
      const { host, kept, disc } = await hostWithKept(['kept-1']);
      const config = guestXml([{ target: 'sda', bus: 'sata', source: 'SOURCE' }])
        .replace(/<source file='SOURCE'[^>]*>/, "<source pool='gone' volume='x'/>")
        .replace("<disk type='file' device", "<disk type='volume' device");
      await addLibvirt(host, [{ name: 'win', uuid, config }]);
      expect((await host.run(shell, 'prune')).stdout).toBe(
        `${disc('kept-1')}: kept, used by: perhaps guest win (sda has volume gone/x)`,
      );
      expect(await readFile(kept, 'utf8')).toBe(`${disc('kept-1')}\n`);
    });

    test('without a libvirt that answers, its files tell who names a disc', async () => {
      const releases = ['config-1', 'running-1', 'user-1', 'snapshot-1', 'saved-1', 'unused-1'];
      const places = {
        'config-1': ['etc/libvirt/qemu/a.xml', 'guest a'],
        'running-1': ['run/libvirt/qemu/b.xml', 'guest b'],
        'user-1': ['home/me/.config/libvirt/qemu/c.xml', 'guest c'],
        'snapshot-1': ['var/lib/libvirt/qemu/snapshot/d/one.xml', 'snapshot one of guest d'],
        'saved-1': ['var/lib/libvirt/qemu/save/e.save', 'saved state of guest e'],
      };
      const { host, disc } = await hostWithKept(releases);
      for (const [release, [place = '']] of Object.entries(places)) {
        const file = join(host.folder, 'root', place);
        await mkdir(dirname(file), { recursive: true });
        const xml = guestXml([{ target: 'sda', bus: 'sata', source: disc(release) }]);
        await writeFile(file, place.endsWith('.save') ? `LibvirtQemudSave\0${xml}\0\0` : xml);
      }
      await addLibvirt(host, []);
      await writeProgram(host, 'virsh', '#!/bin/sh\necho "error: failed to connect" >&2\nexit 1\n');
      expect(await host.run(shell, 'prune')).toEqual({
        exitCode: 0,
        stdout: [
          ...Object.entries(places).map(([release, [, user]]) => `${disc(release)}: kept, used by: ${user}`),
          `${disc('unused-1')}: removed`,
        ].join('\n'),
        stderr:
          'virtio-win: libvirt does not answer, so guests are looked for in its files only: failed to connect',
      });
      expect(await host.run(shell, 'prune', '-c', 'qemu:///else')).toMatchObject({ exitCode: 1, stdout: '' });
      host.env.PATH = await pathWithout('virsh');
      const { exitCode, stdout, stderr } = await host.run(shell, 'prune');
      expect({ exitCode, stderr }).toEqual({
        exitCode: 0,
        stderr: "virtio-win: virsh is not there: guests are looked for in libvirt's files only",
      });
      expect(stdout.match(/kept, used by/g)).toHaveLength(5);
    });

    test('the list goes away with its last line; without a list there is nothing to do', async () => {
      const { host, kept, disc } = await hostWithKept(['unused-1']);
      await addLibvirt(host, []);
      expect((await host.run(shell, 'prune')).stdout).toBe(`${disc('unused-1')}: removed`);
      expect(existsSync(kept)).toBe(false);
      expect(await host.run(shell, 'prune')).toEqual({ exitCode: 0, stdout: 'nothing is kept', stderr: '' });
    });

    test('a line that is no disc is not removed', async () => {
      const { host, kept } = await hostWithKept([]);
      await addLibvirt(host, []);
      const precious = join(host.folder, 'precious.iso');
      await writeFile(precious, '');
      for (const line of [precious, join(host.discs, '../precious.iso'), '']) {
        await writeFile(kept, `${line}\n`);
        expect(await host.run(shell, 'prune')).toMatchObject({
          exitCode: 1,
          stderr: expect.stringMatching(/is not a disc in .*\nhint: correct the line by hand/),
        });
      }
      expect(existsSync(precious)).toBe(true);
    });
  });
});
