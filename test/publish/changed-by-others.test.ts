import {
  appendFile,
  chmod,
  copyFile,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { pvdisc } from '../builders/command.ts';
import { type GpgKey, makeGpgKey } from '../builders/gpg-key.ts';
import { lacksTool } from '../builders/needs.ts';
import { makeReleaseFolder } from '../builders/package.ts';

describe.skipIf(lacksTool('apt-ftparchive', 'gpg', 'gpgconf', 'gpgv', 'xz', 'dpkg-deb'))(
  'a repository to which others can write',
  () => {
    let key: GpgKey;
    let work: string;
    let release: string;
    let second: string;
    /** A repository with one package, as it was published. */
    let made: string;

    const publish = (root: string, ...words: readonly string[]) =>
      pvdisc(['publish', '--apt', root, '--key', key.id, ...words], { GNUPGHOME: key.home });

    beforeAll(async () => {
      key = await makeGpgKey();
      work = await mkdtemp(join(tmpdir(), 'pvdisc-others-'));
      release = await makeReleaseFolder(join(work, 'r1'), [{ name: 'vw', version: '1-1', content: 'one' }]);
      second = await makeReleaseFolder(join(work, 'r2'), [{ name: 'vw', version: '2-1', content: 'two' }]);
      made = join(work, 'apt');
      expect(await publish(made, release)).toMatchObject({ exitCode: 0, stderr: '' });
    });

    afterAll(async () => {
      await key?.remove();
      await rm(work, { recursive: true, force: true });
    });

    /** A copy of the repository, and a folder of somebody beside it. */
    async function copied() {
      const folder = await mkdtemp(join(work, 'copy-'));
      const root = join(folder, 'apt');
      await cp(made, root, { recursive: true });
      const outside = join(folder, 'outside');
      await mkdir(outside);
      await writeFile(join(outside, 'mine'), 'mine');
      return { root, outside };
    }

    test.each(['dists/stable/main/binary-amd64/by-hash/SHA256', 'pool/stable/main/v'])(
      'is left as it is when %s is a link or a file',
      async (path) => {
        const { root, outside } = await copied();
        await rm(join(root, path), { recursive: true });
        await symlink(outside, join(root, path));
        const link = await publish(root, second);
        expect({ exitCode: link.exitCode, stderr: link.stderr }).toEqual({
          exitCode: 1,
          stderr: expect.stringMatching(/: is a link or a file, not a folder\n {2}hint: publish writes only/),
        });
        expect(link.stderr).toContain(`${join(root, path)}: `);
        expect(await readdir(outside)).toEqual(['mine']);
        await rm(join(root, path));
        await writeFile(join(root, path), 'x');
        expect((await publish(root, second)).stderr).toContain(`${join(root, path)}: is a link or a file`);
        const inRelease = 'dists/stable/InRelease';
        expect(await readFile(join(root, inRelease))).toEqual(await readFile(join(made, inRelease)));
        expect(await readdir(root)).toEqual(await readdir(made));
      },
    );

    test('is left as it is when a folder stands where a file goes', async () => {
      const { root } = await copied();
      await mkdir(join(root, 'pool/stable/main/v/vw/vw_2-1_all.deb'));
      const before = await readFile(join(root, 'dists/stable/InRelease'));
      const { exitCode, stderr } = await publish(root, second);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('vw_2-1_all.deb: is a folder, not a')]);
      expect(await readFile(join(root, 'dists/stable/InRelease'))).toEqual(before);
    });

    test('is refused where its pool is a link, which is not looked through', async () => {
      const { root, outside } = await copied();
      await rm(join(root, 'pool'), { recursive: true });
      for (const target of [outside, '/proc']) {
        await symlink(target, join(root, 'pool'));
        const { exitCode, stderr } = await publish(root, release);
        expect([exitCode, stderr]).toEqual([
          1,
          expect.stringContaining(`${root}/pool: is a link or a file, not a folder\n`),
        ]);
        await rm(join(root, 'pool'));
      }
    });

    test('takes no notice of the lost+found of a mounted disk, of loops, and of folders that it cannot read', async () => {
      const { root } = await copied();
      const closed = ['private', 'lost+found', 'pool/lost+found', 'pool/stable/lost+found'];
      for (const folder of closed) await mkdir(join(root, folder));
      await writeFile(join(root, 'pool/stable/lost+found/#12.deb'), 'found');
      for (const folder of closed) await chmod(join(root, folder), 0);
      await symlink('loop', join(root, 'loop'));
      const published = await publish(root, second);
      for (const folder of closed) await chmod(join(root, folder), 0o700);
      expect(published).toMatchObject({ exitCode: 0, stderr: '' });
    });

    test('is left as it is when the key for hosts is another, until that is given', async () => {
      const { root, outside } = await copied();
      const other = await makeGpgKey('other@example.invalid');
      const env = { GNUPGHOME: other.home };
      const testing = ['publish', '--apt', root, '--key', other.id, '--suite', 'testing', release];
      const { exitCode, stderr } = await pvdisc(testing, env);
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringContaining(`${root}/pvdisc.gpg: is another public key than that of --key; hosts use it`),
      ]);
      expect(await readFile(join(root, 'pvdisc.gpg'))).toEqual(await readFile(join(made, 'pvdisc.gpg')));
      await copyFile(join(root, 'pvdisc.gpg'), join(outside, 'old.gpg'));
      const changed = await pvdisc([...testing, '--old-key', join(outside, 'old.gpg')], env);
      expect(changed).toMatchObject({ exitCode: 0, stderr: '' });
      expect((await publish(root, second)).stderr).toContain('pvdisc.gpg: is another public key');
      await other.remove();
    });

    test('keeps files beside its indexes that are no indexes', async () => {
      const { root } = await copied();
      const hashes = join(root, 'dists/stable/main/binary-all/by-hash/SHA256');
      await writeFile(join(hashes, 'README'), 'mine');
      await writeFile(join(hashes, '0'.repeat(64)), 'old index');
      expect(await publish(root, second)).toMatchObject({ exitCode: 0, stderr: '' });
      const names = await readdir(hashes);
      expect(names).toContain('README');
      expect(names).not.toContain('0'.repeat(64));
    });

    test('never holds what is still to be signed', async () => {
      const { root } = await copied();
      const tools = await mkdtemp(join(work, 'tools-'));
      const real = (await execa('sh', ['-c', 'command -v apt-ftparchive'])).stdout;
      // Whoever can write to the root puts other indexes into each folder there that is not served.
      const script = `#!/bin/sh
ls -A '${root}' >> '${tools}/seen'
for folder in '${root}'/.pvdisc-publish.*/dists/stable; do
  [ -d "$folder" ] || continue
  for index in "$folder"/main/binary-*/Packages; do printf 'Package: evil\\nVersion: 1\\n\\n' >> "$index"; done
done
exec '${real}' "$@"
`;
      await writeFile(join(tools, 'apt-ftparchive'), script);
      await chmod(join(tools, 'apt-ftparchive'), 0o755);
      vi.stubEnv('PATH', `${tools}${delimiter}${process.env.PATH}`);
      try {
        expect(await publish(root, second)).toMatchObject({ exitCode: 0, stderr: '' });
      } finally {
        vi.unstubAllEnvs();
      }
      expect(await readFile(join(root, 'dists/stable/main/binary-all/Packages'), 'utf8')).not.toContain(
        'evil',
      );
      const seen = new Set((await readFile(join(tools, 'seen'), 'utf8')).trim().split('\n'));
      expect([...seen].sort()).toEqual([
        '.pvdisc-publish.lock',
        'apt-stable.html',
        'dists',
        'index.html',
        'pool',
        'pvdisc.asc',
        'pvdisc.gpg',
      ]);
    });

    test('is not signed again with an older index than its pool is of', async () => {
      const { root } = await copied();
      expect(await publish(root, second)).toMatchObject({ exitCode: 0, stderr: '' });
      await rm(join(root, 'dists'), { recursive: true });
      await cp(join(made, 'dists'), join(root, 'dists'), { recursive: true });
      const old = await publish(root, release);
      expect({ exitCode: old.exitCode, stderr: old.stderr }).toEqual({
        exitCode: 1,
        stderr: `${root}/dists/stable/InRelease: does not name packages that are in the pool: pool/stable/main/v/vw/vw_2-1_all.deb; an older index was restored, or a run was killed
  hint: restore dists/stable from a backup, or give the releases of these packages too; delete the packages that you do not want to publish
`,
      });
      expect((await publish(root, release, second)).stdout).toContain('stable has 2 packages, 1 new');
    });

    test('is not signed again while a package lies beside the folders of the suites', async () => {
      const { root } = await copied();
      await copyFile(join(root, 'pool/stable/main/v/vw/vw_1-1_all.deb'), join(root, 'pool/evil_1_all.deb'));
      const { exitCode, stderr } = await publish(root, second);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringContaining('does not name packages that are in the pool: pool/evil_1_all.deb;'),
      });
    });

    test('is not started anew with fewer packages than its pool has', async () => {
      const { root } = await copied();
      await rm(join(root, 'dists/stable'), { recursive: true });
      const { exitCode, stderr } = await publish(root, second);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: `${root}/dists/stable/InRelease: no such file, but the pool holds packages of the suite: pool/stable/main/v/vw/vw_1-1_all.deb
  hint: restore dists/stable from a backup, or give the releases of these packages too; to start a new suite with only the given releases, remove ${root}/pool/stable
`,
      });
      expect((await publish(root, release, second)).stdout).toContain('stable has 2 packages, 2 new');
    });

    test.each(['damaged', 'missing', 'a link'])('gets a file of its pool back that is %s', async (state) => {
      const { root, outside } = await copied();
      const path = 'pool/stable/main/v/vw/vw_1-1_all.deb';
      const file = join(root, path);
      if (state === 'damaged') await appendFile(file, 'x');
      else await rm(file);
      if (state === 'a link') await symlink(join(outside, 'mine'), file);
      const { exitCode, stdout } = await publish(root, release);
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`0 new; signed by`)]);
      expect(stdout).toContain(`\n  ${path}: restored; the file was missing or damaged\n`);
      expect((await lstat(file)).isFile()).toBe(true);
      expect(await readFile(file)).toEqual(await readFile(join(made, path)));
      expect(await readFile(join(outside, 'mine'), 'utf8')).toBe('mine');
      expect(JSON.parse((await publish(root, '--json', release)).stdout)).toMatchObject({ restored: [] });
    });

    test.each([0o077, 0o777])('can be read by a web server, whatever the umask (%i)', async (mask) => {
      const root = join(await mkdtemp(join(work, 'umask-')), 'new', 'apt');
      const before = process.umask(mask);
      try {
        expect(await publish(root, release)).toMatchObject({ exitCode: 0, stderr: '' });
      } finally {
        process.umask(before);
      }
      const { stdout } = await execa('find', [join(root, '..'), '-printf', '%y %m\n']);
      expect([...new Set(stdout.split('\n'))].sort()).toEqual(['d 755', 'f 644']);
    });
  },
);
