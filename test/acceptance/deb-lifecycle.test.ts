import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltRelease, builtSample } from '../builders/built-release.ts';
import { debianSuites, lacksDebian } from '../builders/debian-root.ts';
import { sha256 } from '../builders/disc-contents.ts';
import { everyFile } from '../builders/every-file.ts';
import { lacksTool } from '../builders/needs.ts';
import { discsFolder as discs, makePackageHost, type PackageHost } from '../builders/package-host.ts';
import { buildSampleAs } from '../builders/renamed-sample.ts';

const all = (name: string) => ['', '-symbols', '-drivers'].map((kind) => `${name}${kind}`);

for (const suite of debianSuites) {
  const isSkipped = lacksTool('dpkg-deb', 'zstd') || (await lacksDebian(suite));
  describe.skipIf(isSkipped)(`in a clean ${suite}`, { timeout: 300_000 }, () => {
    let host: PackageHost;
    let first: BuiltRelease;
    let second: BuiltRelease;
    let other: BuiltRelease;

    beforeAll(async () => {
      first = await builtSample();
      second = await buildSampleAs({ version: '0.2.0' });
      other = await buildSampleAs({ name: 'other-drivers', version: '1.0', os: ['w7', 'w10'] });
      host = await makePackageHost(suite, [first, second, other]);
    }, 300_000);

    afterAll(async () => {
      await host?.debian.remove();
    });

    afterEach(async () => {
      await host.debian.run('dpkg', '--purge', ...all('pvdisc-sample'), ...all('other-drivers'));
      expect(await everyFile(host.debian.folder)).toEqual(host.clean);
    });

    const alternatives = (...args: string[]) => host.debian.run('update-alternatives', ...args);
    const isIntact = async (...names: string[]) =>
      expect(await host.debian.hear('dpkg', '-V', ...names)).toBe('');

    test('all packages of a release are installed, upgraded, removed, installed again and purged', async () => {
      await host.install(first);
      expect(await host.choice(`${discs}/virtio-win.iso`)).toBe(`${discs}/pvdisc-sample-0.1.0.iso`);
      expect(await host.choice('/usr/bin/virtio-win')).toBe(
        `${discs}/releases/pvdisc-sample/host/virtio-win`,
      );
      expect(await host.choice(`${discs}/drivers`)).toBe(`${discs}/releases/pvdisc-sample/drivers`);
      const iso = host.inside(`${discs}/pvdisc-sample-0.1.0.iso`);
      expect(sha256(await readFile(iso))).toBe(first.record.iso.sha256);
      const { mode, uid, gid, mtime } = await lstat(iso);
      expect({ mode: mode & 0o7777, uid, gid, mtime }).toEqual({
        mode: 0o444,
        uid: 0,
        gid: 0,
        mtime: new Date('2026-11-20T12:00:00Z'),
      });
      expect(await host.debian.run('virtio-win', '--version')).toMatch(/^virtio-win \d/);
      expect(await host.debian.run('virtio-win', 'path')).toBe(`${discs}/pvdisc-sample-0.1.0.iso`);
      await isIntact(...all('pvdisc-sample'));
      const [one, same] = await Promise.all(
        ['by-os/amd64/w11', 'by-driver/sampleblk/w11/amd64'].map((path) =>
          lstat(host.inside(`${discs}/releases/pvdisc-sample/drivers/${path}/sampleblk.sys`)),
        ),
      );
      expect(one?.ino).toBe(same?.ino);

      await host.install(second);
      expect((await readdir(host.inside(discs))).sort()).toEqual([
        'drivers',
        'pvdisc-sample-0.2.0.disc',
        'pvdisc-sample-0.2.0.iso',
        'pvdisc-sample-symbols-0.2.0.disc',
        'pvdisc-sample-symbols-0.2.0.iso',
        'releases',
        'virtio-win.iso',
      ]);
      expect(await host.choice(`${discs}/virtio-win.iso`)).toBe(`${discs}/pvdisc-sample-0.2.0.iso`);
      await isIntact(...all('pvdisc-sample'));

      await host.remove(...all('pvdisc-sample'));
      expect(await everyFile(host.debian.folder)).toEqual(host.clean);

      await host.install(first);
      await host.purge(...all('pvdisc-sample'));
      expect(await everyFile(host.debian.folder)).toEqual(host.clean);
      await expect(host.debian.run('dpkg', '-s', 'pvdisc-sample')).rejects.toMatchObject({ exitCode: 1 });
    });

    test('a disc that was deleted comes back from its second name, which goes with its version', async () => {
      const spares = async () =>
        (await everyFile(host.inside(`${discs}/releases`))).filter((path) => /\.iso\b/.test(path));
      await host.install(first);
      expect(await spares()).toHaveLength(2);
      await host.install(second);
      expect((await spares()).join()).not.toContain('0.1.0');
      expect(await spares()).toHaveLength(2);
      const names = ['pvdisc-sample', 'pvdisc-sample-symbols'];
      for (const name of names) await rm(host.inside(`${discs}/${name}-0.2.0.iso`));
      const told = await host.debian.hear('virtio-win', 'verify');
      const [, restore = 'false'] = /hint: as root, type: (.*)$/m.exec(told) ?? [];
      expect(restore.match(/\bln /g)).toHaveLength(2);
      await host.debian.run('sh', '-ec', restore);
      expect(await host.debian.run('virtio-win', 'verify')).not.toContain('not');
      for (const name of names) {
        const inodes = ['', `releases/${name}/`].map(async (folder) => {
          const { ino } = await lstat(host.inside(`${discs}/${folder}${name}-0.2.0.iso`));
          return ino;
        });
        expect(new Set(await Promise.all(inodes)).size).toBe(1);
      }
      await isIntact(...all('pvdisc-sample'));
      await host.remove('pvdisc-sample');
      expect((await spares()).join()).not.toContain('pvdisc-sample-0.2.0');
    });

    test('the manual page and the completion of the command come and go with it', async () => {
      const man = host.inside('/usr/share/man/man1');
      await execa('mkdir', ['-p', man]);
      await host.install(first);
      expect(await host.choice('/usr/share/man/man1/virtio-win.1.gz')).toBe(
        `${discs}/releases/pvdisc-sample/host/virtio-win.1.gz`,
      );
      expect(await host.choice('/usr/share/bash-completion/completions/virtio-win')).toBe(
        `${discs}/releases/pvdisc-sample/host/virtio-win.bash`,
      );
      await host.remove('pvdisc-sample');
      expect((await readdir(man)).filter((name) => name.startsWith('virtio-win'))).toEqual([]);
    });

    test('releases lie side by side, the one with the higher priority is chosen, and removing it falls back', async () => {
      await host.install(other);
      await host.install(first);
      expect(await host.choice(`${discs}/virtio-win.iso`)).toBe(`${discs}/pvdisc-sample-0.1.0.iso`);
      expect(await host.choice(`${discs}/drivers`)).toBe(`${discs}/releases/pvdisc-sample/drivers`);
      await isIntact(...all('pvdisc-sample'), ...all('other-drivers'));
      const offered = (await alternatives('--query', 'virtio-win.iso')).split('\n\n').slice(1);
      expect(offered).toEqual([
        `Alternative: ${discs}/other-drivers-1.0.iso\nPriority: ${10240 - 100_000}`,
        `Alternative: ${discs}/pvdisc-sample-0.1.0.iso\nPriority: ${26100 - 100_000}`,
      ]);

      await host.remove(...all('pvdisc-sample'));
      expect(await host.choice(`${discs}/virtio-win.iso`)).toBe(`${discs}/other-drivers-1.0.iso`);
      expect(await host.choice('/usr/bin/virtio-win')).toBe(
        `${discs}/releases/other-drivers/host/virtio-win`,
      );
      expect(await host.choice(`${discs}/drivers`)).toBe(`${discs}/releases/other-drivers/drivers`);
      expect(await host.debian.run('virtio-win', 'path')).toBe(`${discs}/other-drivers-1.0.iso`);
    });

    test('the choice of an administrator outlives an upgrade', async () => {
      await host.install(first, other);
      await alternatives('--set', 'virtio-win.iso', `${discs}/other-drivers-1.0.iso`);
      await host.install(second);
      expect(await host.choice(`${discs}/virtio-win.iso`)).toBe(`${discs}/other-drivers-1.0.iso`);
      await alternatives('--set', 'virtio-win.iso', `${discs}/pvdisc-sample-0.2.0.iso`);
      await host.install(first);
      expect(await host.choice(`${discs}/virtio-win.iso`)).toBe(`${discs}/pvdisc-sample-0.1.0.iso`);
      expect(await alternatives('--query', 'virtio-win.iso')).toContain('Status: manual');
      expect(await alternatives('--list', 'virtio-win.iso')).toBe(
        `${discs}/other-drivers-1.0.iso\n${discs}/pvdisc-sample-0.1.0.iso`,
      );
    });

    test('dpkg notices a disc that was changed', async () => {
      await host.install(first);
      const iso = `${discs}/pvdisc-sample-0.1.0.iso`;
      await host.debian.run('sh', '-c', `chmod u+w ${iso} && echo x >>${iso} && chmod u-w ${iso}`);
      expect(await host.debian.hear('dpkg', '-V', 'pvdisc-sample')).toBe(`??5??????   ${iso}`);
    });

    test('an upgrade that fails on the way leaves the version before as it was', async () => {
      await host.install(first);
      const before = await everyFile(host.debian.folder);
      const broken = join(host.debian.folder, 'tmp/broken');
      await execa('dpkg-deb', ['-R', second.deb, broken]);
      const preinst = 'printf "#!/bin/sh\\nexit 1\\n" >DEBIAN/preinst && chmod 755 DEBIAN/preinst';
      await execa('sh', ['-c', preinst], { cwd: broken });
      await execa('dpkg-deb', ['-b', broken, `${broken}.deb`]);
      const said = await host.debian.hear('dpkg', '-i', '/tmp/broken.deb');
      await execa('rm', ['-r', broken, `${broken}.deb`]);
      expect(said).toContain('pvdisc-sample package pre-installation script subprocess returned error');
      expect(await everyFile(host.debian.folder)).toEqual(before);
      expect(await host.choice(`${discs}/virtio-win.iso`)).toBe(`${discs}/pvdisc-sample-0.1.0.iso`);
      const status = ['dpkg-query', '-W', '-f', '$' + '{db:Status-Status}', 'pvdisc-sample'];
      expect(await host.debian.run(...status)).toBe('installed');
    });

    test('packages whose upgrade was interrupted are purged with their alternatives', async () => {
      const file = ({ debs }: BuiltRelease) => debs.map((deb) => `/tmp/${basename(deb)}`);
      await host.install(first);
      await host.debian.run('dpkg', '--unpack', ...file(first));
      await host.debian.run('dpkg', '--purge', ...all('pvdisc-sample'));
      expect(await everyFile(host.debian.folder)).toEqual(host.clean);

      await host.install(first, other);
      await alternatives('--set', 'virtio-win.iso', `${discs}/pvdisc-sample-0.1.0.iso`);
      await host.debian.run('dpkg', '--unpack', ...file(second));
      await host.debian.run('dpkg', '--purge', ...all('pvdisc-sample'));
      expect(await host.choice(`${discs}/virtio-win.iso`)).toBe(`${discs}/other-drivers-1.0.iso`);
      expect(await host.choice(`${discs}/drivers`)).toBe(`${discs}/releases/other-drivers/drivers`);
      expect(await host.debian.run('virtio-win', 'path')).toBe(`${discs}/other-drivers-1.0.iso`);
      await host.debian.run('dpkg', '--purge', ...all('other-drivers'));
      expect(await everyFile(host.debian.folder)).toEqual(host.clean);
    });

    test('a removal or deconfiguration that fails on the way puts the alternatives back', async () => {
      await host.install(first);
      const before = await everyFile(host.debian.folder);
      const prerm = '/var/lib/dpkg/info/pvdisc-sample.prerm';
      await host.debian.run('sh', '-c', `cp ${prerm} /tmp/prerm && echo 'exit 1' >>${prerm}`);
      expect(await host.debian.hear('dpkg', '--remove', 'pvdisc-sample')).toContain(
        'pre-removal script subprocess returned error exit status 1',
      );
      await host.debian.run('mv', '/tmp/prerm', prerm);
      expect(await everyFile(host.debian.folder)).toEqual(before);

      const script = (name: string, ...args: string[]) =>
        host.debian.run(`/var/lib/dpkg/info/pvdisc-sample.${name}`, ...args);
      const inFavour = ['in-favour', 'x', '1', 'removing', 'y', '1'];
      await script('prerm', 'deconfigure', ...inFavour);
      expect((await readdir(host.inside(discs))).includes('virtio-win.iso')).toBe(false);
      await script('postinst', 'abort-deconfigure', ...inFavour);
      expect(await everyFile(host.debian.folder)).toEqual(before);
      expect(await host.debian.run('virtio-win', 'path')).toBe(`${discs}/pvdisc-sample-0.1.0.iso`);
    });
  });
}
