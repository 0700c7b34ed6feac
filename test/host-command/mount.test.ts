import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildIso } from '../builders/iso.ts';
import { lacksTool } from '../builders/needs.ts';
import { pathWithout } from '../builders/path-without.ts';
import { installDisc, makeHost, script, shells } from './host.ts';

describe.skipIf(lacksTool('dash', 'busybox', 'fuseiso', 'fusermount', 'xorriso'))('mount', () => {
  describe.each(shells)('in %s', (shell) => {
    test('shows the files of the disc, read-only, until umount', async () => {
      const host = await makeHost();
      const disc = await installDisc(host, 'virtio-win-1.0', {
        bytes: await buildIso({ 'README.txt': 'words\n' }),
      });
      const folder = join(host.folder, 'mounted here');
      onTestFinished(async () => {
        await execa('fusermount', ['-u', '-z', folder], { reject: false });
      });
      expect(await host.run(shell, 'mount', folder)).toEqual({
        exitCode: 0,
        stdout: `virtio-win-1.0 is mounted read-only at ${folder}`,
        stderr: '',
      });
      expect(await readFile(join(folder, 'README.txt'), 'utf8')).toBe('words\n');
      await expect(rm(join(folder, 'README.txt'))).rejects.toThrow();
      expect(await host.run(shell, 'mount', folder)).toEqual({
        exitCode: 0,
        stdout: `virtio-win-1.0 is already mounted at ${folder}`,
        stderr: '',
      });
      await installDisc(host, 'other-1.0', { bytes: await buildIso({ 'README.txt': 'others\n' }) });
      expect(await host.run(shell, 'mount', '--disc', 'other-1.0', folder)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('something is mounted there already'),
      });
      expect(await host.run(shell, 'umount', folder)).toEqual({
        exitCode: 0,
        stdout: `${folder} is free`,
        stderr: '',
      });
      expect(existsSync(join(folder, 'README.txt'))).toBe(false);
      expect(await host.run(shell, 'umount', folder)).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `virtio-win: ${folder}: no disc is mounted there\nhint: name its folder; findmnt lists what is mounted`,
      });
      expect((await readFile(disc)).length).toBeGreaterThan(32_768);
    });

    test('a folder may begin with a dash', async () => {
      const host = await makeHost();
      await installDisc(host, 'virtio-win-1.0', { bytes: await buildIso({ 'README.txt': 'words\n' }) });
      const run = async (verb: string) => {
        const { exitCode, stdout, stderr } = await execa('sh', ['-c', `${shell} '${script}' ${verb} -- -x`], {
          cwd: host.folder,
          env: host.env,
          extendEnv: false,
          reject: false,
        });
        return { exitCode, stdout, stderr };
      };
      const folder = join(host.folder, '-x');
      onTestFinished(async () => {
        await execa('fusermount', ['-u', '-z', folder], { reject: false });
      });
      expect(await run('mount')).toEqual({
        exitCode: 0,
        stdout: `virtio-win-1.0 is mounted read-only at ${folder}`,
        stderr: '',
      });
      expect(await run('umount')).toEqual({ exitCode: 0, stdout: `${folder} is free`, stderr: '' });
    });

    test('a disc that cannot be mounted says why and leaves no folder', async () => {
      const host = await makeHost();
      const disc = await installDisc(host, 'virtio-win-1.0');
      host.env.PATH = await pathWithout('fuseiso');
      const folder = join(host.folder, 'new');
      const { exitCode, stdout, stderr } = await host.run(shell, 'mount', folder);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain(`virtio-win: ${disc}: it cannot be mounted at ${folder}: `);
      expect(stderr).toMatch(/\nhint: as root, type: apt-get install fuseiso/);
      expect(existsSync(folder)).toBe(false);
    });
  });
});
