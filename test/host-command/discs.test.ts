import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { lacksTool } from '../builders/needs.ts';
import { installDisc, makeHost, script, shells } from './host.ts';

describe.skipIf(lacksTool('dash', 'busybox'))('the installed discs', () => {
  describe.each(shells)('in %s', (shell) => {
    test('path prints the file of the release that virtio-win.iso leads to, never the link', async () => {
      const host = await makeHost();
      await installDisc(host, 'virtio-win-1.0');
      const second = await installDisc(host, 'virtio-win-legacy-0.9');
      await symlink(second, join(host.folder, 'alternative'));
      await symlink(join(host.folder, 'alternative'), join(host.discs, 'virtio-win.iso'));
      expect(await host.run(shell, 'path')).toEqual({ exitCode: 0, stdout: second, stderr: '' });
      const { stdout } = await host.run(shell, 'path', '--json');
      expect(JSON.parse(stdout)).toEqual({
        disc: 'virtio-win-legacy-0.9',
        path: second,
        link: join(host.discs, 'virtio-win.iso'),
      });
    });

    test('path: the only disc of drivers needs no link, several do', async () => {
      const host = await makeHost();
      const only = await installDisc(host, 'virtio-win-1.0');
      await installDisc(host, 'virtio-win-symbols-1.0', { fields: { Kind: 'symbols' }, drivers: [] });
      expect(await host.run(shell, 'path')).toEqual({ exitCode: 0, stdout: only, stderr: '' });
      await installDisc(host, 'other-2.0');
      expect(await host.run(shell, 'path')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: [
          `virtio-win: ${host.discs}/virtio-win.iso: it leads to no installed disc`,
          'hint: give --disc NAME (other-2.0 virtio-win-1.0 virtio-win-symbols-1.0), or choose one: update-alternatives --config virtio-win.iso',
        ].join('\n'),
      });
    });

    test('path: a file of somebody at the place of the link has to go first', async () => {
      const host = await makeHost();
      await installDisc(host, 'virtio-win-1.0');
      await writeFile(join(host.discs, 'virtio-win.iso'), 'placed by hand');
      expect(await host.run(shell, 'path')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: [
          `virtio-win: ${host.discs}/virtio-win.iso: it is a file of your own, not the link to the chosen disc`,
          `hint: give --disc NAME (virtio-win-1.0), or move that file out of ${host.discs}, then: update-alternatives --auto virtio-win.iso`,
        ].join('\n'),
      });
    });

    test('releases whose names are the same number are two', async () => {
      const host = await makeHost();
      const [first, second] = [await installDisc(host, '1.1'), await installDisc(host, '1.10')];
      for (const path of [first, second]) {
        const name = basename(path, '.iso');
        expect(await host.run(shell, 'path', '--disc', name)).toMatchObject({ stdout: path });
        const { stdout } = await host.run(shell, 'verify', '--disc', name);
        expect(stdout).toBe(`${path}: good`);
      }
    });

    test('--disc takes a release, its file, its path and its package', async () => {
      const host = await makeHost();
      const path = await installDisc(host, 'virtio-win-1.0', { fields: { Package: 'the-package' } });
      await installDisc(host, 'other-2.0');
      await symlink('other-2.0.iso', join(host.discs, 'virtio-win.iso'));
      for (const name of ['virtio-win-1.0', 'virtio-win-1.0.iso', path, 'the-package']) {
        expect(await host.run(shell, 'path', '--disc', name)).toMatchObject({ exitCode: 0, stdout: path });
      }
      expect((await host.run(shell, 'path', '--disc=virtio-win.iso')).stdout).toContain('other-2.0.iso');
      for (const name of ['nope', '/tmp/virtio-win-1.0.iso']) {
        expect(await host.run(shell, 'path', '--disc', name)).toEqual({
          exitCode: 1,
          stdout: '',
          stderr: `virtio-win: ${name}: no such disc is installed\nhint: installed: other-2.0 virtio-win-1.0`,
        });
      }
    });

    test('without any disc, each command says so and how to get one', async () => {
      const host = await makeHost();
      for (const command of ['path', 'verify', 'show']) {
        expect(await host.run(shell, command)).toEqual({
          exitCode: 1,
          stdout: '',
          stderr: `virtio-win: ${host.discs}: no disc is installed\nhint: install one: apt-get install ./PACKAGE.deb`,
        });
      }
      expect(await host.run(shell, 'list')).toMatchObject({ exitCode: 0, stdout: '' });
      expect(await host.run(shell, 'list', '--json')).toEqual({ exitCode: 0, stdout: '[]', stderr: '' });
    });

    test('list marks the chosen disc, and its JSON keeps quotes and backslashes', async () => {
      const host = await makeHost();
      await installDisc(host, 'a-1.0', { fields: { Title: 'The "best" \\ disc, ü' } });
      await installDisc(host, 'b-2.0', { fields: { Signatures: 'unsigned 3' } });
      await symlink('b-2.0.iso', join(host.discs, 'virtio-win.iso'));
      expect((await host.run(shell, 'list')).stdout.split('\n')).toEqual([
        '  DISC   KIND     VERSION  SIGNATURES',
        '  a-1.0  drivers  1.0      vendor-signed 2, unsigned 1',
        '* b-2.0  drivers  2.0      unsigned 3',
      ]);
      const listed = JSON.parse((await host.run(shell, 'list', '--json')).stdout);
      expect(listed).toHaveLength(2);
      expect(listed[0]).toMatchObject({
        title: 'The "best" \\ disc, ü',
        chosen: false,
        size: 11,
        version: '1.0',
      });
      expect(listed[1]).toMatchObject({ disc: 'b-2.0', path: join(host.discs, 'b-2.0.iso'), chosen: true });
      await rm(join(host.discs, 'b-2.0.iso'));
      expect((await host.run(shell, 'list')).stdout).toContain('\n* b-2.0 (missing)  drivers  2.0 ');
      const after = JSON.parse((await host.run(shell, 'list', '--json')).stdout);
      expect(after.map(({ present }: { present: boolean }) => present)).toEqual([true, false]);
    });

    test.each([
      { damage: { Disc: '../../etc/passwd' } },
      { damage: { Size: 'big' } },
      { damage: { Sha256: 'abc' } },
      { damage: { Version: '' } },
    ])('a damaged record ($damage) is named and not used', async ({ damage }) => {
      const host = await makeHost();
      await installDisc(host, 'a-1.0', { fields: damage });
      const { exitCode, stdout, stderr } = await host.run(shell, 'list');
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(
        /a-1\.0\.disc: it lacks Disc, Version, Size or Sha256.*\nhint: reinstall .*dpkg -S/,
      );
    });

    test('verify tells good, changed, cut and missing discs apart', async () => {
      const host = await makeHost();
      const paths = await Promise.all(
        ['changed-1', 'cut-1', 'good-1', 'gone-1'].map((name) => installDisc(host, name)),
      );
      const [changed = '', cut = '', good = '', gone = ''] = paths;
      expect(await host.run(shell, 'verify')).toMatchObject({ exitCode: 0, stderr: '' });
      for (const path of [changed, cut]) await chmod(path, 0o644);
      await writeFile(changed, 'DISC changed-1\n');
      await writeFile(cut, 'disc');
      await rm(gone);
      const { exitCode, stdout, stderr } = await host.run(shell, 'verify');
      expect(exitCode).toBe(1);
      expect(stdout.split('\n')).toEqual([
        expect.stringMatching(
          /changed-1\.iso: damaged: its sha256 is [0-9a-f]{64}, the record says [0-9a-f]{64}$/,
        ),
        `${cut}: damaged: 4 bytes, the record says 11`,
        `${gone}: it is not there`,
        `${good}: good`,
      ]);
      expect(stderr).toContain('hint: as root, type: apt-get install --reinstall changed cut gone');
      const verdicts = JSON.parse((await host.run(shell, 'verify', '--json')).stdout) as { good: boolean }[];
      expect(verdicts.map((verdict) => verdict.good)).toEqual([false, false, false, true]);
      expect(await host.run(shell, 'verify', '--disc', 'good-1')).toMatchObject({ exitCode: 0 });
    });

    test('a reader that goes away leaves no temporary folder', async () => {
      const host = await makeHost();
      await installDisc(host, 'virtio-win-1.0');
      const run = `${shell} '${script}' show --json | :`;
      await execa('sh', ['-c', run], { env: host.env, extendEnv: false });
      expect((await readdir(host.folder)).sort()).toEqual(['bin', 'discs', 'home', 'tmp']);
      expect(await readdir(join(host.folder, 'tmp'))).toEqual([]);
    });

    test('path --for virt-v2v is the tree of loadable drivers, else the disc, with a warning where it has others', async () => {
      const host = await makeHost();
      const states = [
        'always loads',
        'loads in test-signing mode only',
        'never loads',
        'loads, also under Secure Boot',
      ];
      const drivers = ['w7', 'w8.1', '2k12R2', 'w11'].map((os, at) => {
        const inf = `viostor/${os}/amd64/viostor.inf`;
        return { Driver: 'viostor', Os: os, Arch: 'amd64', Inf: inf, Loads: states[at] ?? '' };
      });
      const path = await installDisc(host, 'a-1.0', { drivers });
      const words = ['path', '--for', 'virt-v2v'];
      expect(await host.run(shell, ...words)).toEqual({
        exitCode: 0,
        stdout: path,
        stderr: [
          `virtio-win: ${path}: virt-v2v takes its drivers even where Windows refuses them without test-signing mode: 2k12R2 amd64, w8.1 amd64`,
          'hint: install a-drivers, which has a tree without such drivers, or convert none of these; virtio-win show OS ARCH lists them',
        ].join('\n'),
      });
      const tree = join(host.discs, 'releases/a/drivers/loadable');
      await mkdir(tree, { recursive: true });
      const record = await readFile(path.replace('.iso', '.disc'), 'utf8');
      const other = record.replaceAll('a-1.0', 'a-0.9').replace(/^Sha256: .*$/m, `Sha256: ${'0'.repeat(64)}`);
      const records = [
        ['a-1.0.disc', other.replace('a-0.9', 'a-1.0'), 'they are of another build of a-1.0'],
        ['a-0.9.disc', other, 'they are of a-0.9'],
        ['a-0.8.disc', 'Disc: damaged', 'their release is not known'],
      ] as const;
      for (const [name, text, fact] of records) {
        await writeFile(join(tree, '..', name), text);
        const warning = [
          `virtio-win: ${join(tree, '..')}: these unpacked drivers are not those of the disc a-1.0: ${fact}`,
          'hint: as root, bring both packages to one version: apt-get install a a-drivers',
        ].join('\n');
        expect(await host.run(shell, ...words)).toEqual({ exitCode: 0, stdout: tree, stderr: warning });
        expect(await host.run(shell, 'verify')).toMatchObject({ exitCode: 0, stderr: warning });
        await rm(join(tree, '..', name));
      }
      await writeFile(join(tree, '../a-1.0.disc'), record);
      expect((await host.run(shell, 'verify')).stderr).toBe('');
      expect(await host.run(shell, ...words)).toEqual({ exitCode: 0, stdout: tree, stderr: '' });
      expect((await host.run(shell, 'snippet', 'virt-v2v')).stdout).toContain(`export VIRTIO_WIN=${tree}`);
      expect(JSON.parse((await host.run(shell, ...words, '--json')).stdout)).toEqual({
        disc: 'a-1.0',
        path: tree,
        for: 'virt-v2v',
      });
      const good = await installDisc(host, 'b-1.0', {
        drivers: drivers.filter(({ Os }) => Os !== 'w8.1' && Os !== '2k12R2'),
      });
      expect(await host.run(shell, ...words, '--disc', 'b')).toEqual({
        exitCode: 0,
        stdout: good,
        stderr: '',
      });
      await installDisc(host, 's-1.0', { fields: { Kind: 'symbols' }, drivers: [] });
      expect(await host.run(shell, ...words, '--disc', 's')).toMatchObject({ exitCode: 1, stdout: '' });
    });

    test('show lists drivers by Windows and architecture', async () => {
      const host = await makeHost();
      await installDisc(host, 'a-1.0');
      const folders = async (...args: string[]) => {
        const { stdout } = await host.run(shell, 'show', '--json', ...args);
        return (JSON.parse(stdout) as { drivers: { folder: string }[] }).drivers.map(({ folder }) => folder);
      };
      const [amd64, arm64, x86] = ['viostor/w11/amd64', 'viostor/w11/ARM64', 'viostor/w10/x86'];
      expect(await folders()).toEqual([amd64, arm64, x86]);
      expect(await folders('w11')).toEqual([amd64, arm64]);
      expect(await folders('windows 11', 'aarch64')).toEqual([arm64]);
      expect(await folders('x64')).toEqual([amd64]);
      expect(await folders('W10', 'i386')).toEqual([x86]);
      expect((await host.run(shell, 'show', 'arm64')).stdout.split('\n')).toEqual([
        'DRIVER   WINDOWS     ARCH   VERSION  SIGNATURE  FOLDER             LOADS',
        'viostor  Windows 11  ARM64  -        unsigned   viostor/w11/ARM64  in test mode only',
      ]);
      expect(await host.run(shell, 'show', 'w12')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `virtio-win: ${host.discs}/a-1.0.iso: it has no driver for w12\nhint: it has drivers for: w10 w11`,
      });
      expect(await host.run(shell, 'show', 'w11', 'sparc')).toMatchObject({ exitCode: 2 });
    });

    test.each([
      'PCI\\VEN_1AF4&DEV_1042',
      'pci\\ven_1af4&dev_1042&subsys_11001af4&rev_01',
      'VEN_1AF4&DEV_1042',
      '1af4:1042',
      '0627:0001',
      'ACPI\\QEMU0001',
      'USB\\VID_0627&PID_0001',
    ])('show does not answer for the hardware ID %s; the command in its hint does', async (id) => {
      const host = await makeHost();
      await installDisc(host, 'a-1.0');
      const { exitCode, stdout, stderr } = await host.run(shell, 'show', id);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(await host.run(shell, 'show', 'w11', id, '--json')).toEqual({ exitCode, stdout, stderr });
      const [fact, hint = ''] = stderr.split('\n');
      expect(fact).toBe(
        `virtio-win: show: ${id} looks like a hardware ID; show looks up a Windows, not a device`,
      );
      const [, pasted = ''] = /^hint: (virtio-win which .+) looks up a device$/.exec(hint) ?? [];
      await symlink(script, join(host.bin, 'virtio-win'));
      const asked = await execa('sh', ['-c', pasted], { env: host.env, extendEnv: false, reject: false });
      const answer = await host.run(shell, 'which', id);
      expect({ exitCode: asked.exitCode, stdout: asked.stdout, stderr: asked.stderr }).toEqual(answer);
      expect(answer.exitCode).toBe(/1042/.test(id) ? 0 : 1);
    });
  });
});
