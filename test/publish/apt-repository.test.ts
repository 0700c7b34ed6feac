import { appendFile, cp, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pvdisc } from '../builders/command.ts';
import { type GpgKey, makeGpgKey } from '../builders/gpg-key.ts';
import { lacksTool } from '../builders/needs.ts';
import { makeReleaseFolder } from '../builders/package.ts';
import { temporaryFolder } from '../builders/release.ts';

const first = { name: 'vw', version: '1.0-1', content: 'first' };
const second = { name: 'vw', version: '2.0-1', content: 'second' };
const pool = 'pool/stable/main/v/vw';
const files = ['apt-stable.html', 'dists', 'index.html', 'pool', 'pvdisc.asc', 'pvdisc.gpg'];
const paths = [`${pool}/vw_1.0-1_all.deb`, `${pool}/vw_2.0-1_all.deb`];

describe.skipIf(lacksTool('apt-ftparchive', 'gpg', 'gpgconf', 'xz', 'dpkg-deb'))(
  'pvdisc publish --apt',
  () => {
    let key: GpgKey;

    beforeAll(async () => {
      key = await makeGpgKey();
    });

    afterAll(() => key.remove());

    /** A folder for a repository, and how to publish releases with the given packages there. */
    async function repository() {
      const work = await temporaryFolder('pvdisc-apt-');
      const root = join(work, 'apt');
      let count = 0;
      const release = (packages: readonly (typeof first)[]) => {
        count += 1;
        return makeReleaseFolder(join(work, `release-${count}`), packages);
      };
      const run = (
        folders: readonly string[],
        options: readonly string[] = [],
        env: NodeJS.ProcessEnv = {},
      ) =>
        pvdisc(['publish', '--apt', root, '--key', key.id, ...options, ...folders], {
          GNUPGHOME: key.home,
          ...env,
        });
      const index = async () => {
        const text = await readFile(join(root, 'dists/stable/main/binary-amd64/Packages'), 'utf8');
        return [...text.matchAll(/^Filename: (.*)$/gm)].map(([, path]) => path);
      };
      return { root, release, run, index };
    }

    test('a second release is added, and the first one stays', async () => {
      const { root, release, run, index } = await repository();
      const { exitCode, stdout, stderr } = await run(
        [await release([first])],
        ['--url', 'https://h.example/a/'],
      );
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/stable has 1 package, 1 new; signed by [0-9A-F]{40}\n {2}pool\/stable/);
      expect(stdout).toContain(`URIs: https://h.example/a
Suites: stable
Components: main
Signed-By: /usr/share/keyrings/pvdisc.gpg
END
`);
      const added = await run([await release([second])], ['--json']);
      expect(JSON.parse(added.stdout)).toMatchObject({
        folder: root,
        suite: 'stable',
        keyName: 'pvdisc',
        packages: [{ version: '1.0-1' }, { version: '2.0-1' }],
        added: [paths[1]],
      });
      expect(await index()).toEqual(paths);
      for (const path of paths) await readFile(join(root, path));
      expect((await readdir(root)).sort()).toEqual(files);
      const page = await readFile(join(root, 'index.html'), 'utf8');
      expect(page).toBe(await readFile(join(root, 'apt-stable.html'), 'utf8'));
      for (const path of paths) expect(page).toContain(`href="${path}"`);
      expect(page).toContain('$URL/pvdisc.gpg');

      await writeFile(join(root, 'index.html'), 'a page of somebody else');
      const testing = await run(
        [await release([second])],
        ['--suite', 'testing', '--url', 'https://h.example/a/'],
      );
      expect(testing.stderr).toContain('index.html stays as it is: pvdisc did not write it');
      expect(await readFile(join(root, 'index.html'), 'utf8')).toBe('a page of somebody else');
      expect(await readFile(join(root, 'apt-testing.html'), 'utf8')).toContain('URIs: https://h.example/a\n');
      await rm(join(root, 'index.html'));
      await run([await release([second])]);
      const overview = await readFile(join(root, 'index.html'), 'utf8');
      expect([...overview.matchAll(/href="(apt[^"]*)"/g)].map(([, href]) => href)).toEqual([
        'apt-stable.html',
        'apt-testing.html',
      ]);
    });

    test('what gpg and sha256sum check holds: both signatures, and each index in each form, also by hash', async () => {
      const { root, release, run } = await repository();
      await run(
        [await release([first])],
        ['--suite', 'test', '--origin', 'My Co', '--label', 'L', '--valid-for', '7'],
      );
      const folder = join(root, 'dists/test');
      const gpgv = ['--keyring', join(root, 'my-co.gpg')];
      await execa('gpgv', [...gpgv, join(folder, 'InRelease')]);
      await execa('gpgv', [...gpgv, join(folder, 'Release.gpg'), join(folder, 'Release')]);
      const text = await readFile(join(folder, 'Release'), 'utf8');
      const {
        Date: date = '',
        'Valid-Until': until = '',
        ...fields
      } = Object.fromEntries([...text.matchAll(/^(\S+): (.*)$/gm)].map(([, name, value]) => [name, value]));
      expect(fields).toEqual({
        'Acquire-By-Hash': 'yes',
        Architectures: 'all amd64 arm64',
        Codename: 'test',
        Components: 'main',
        Label: 'L',
        'No-Support-for-Architecture-all': 'Packages',
        Origin: 'My Co',
        Suite: 'test',
      });
      expect(Date.parse(until) - Date.parse(date)).toBe(7 * 86_400_000);
      expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(60_000);
      const lines = [...text.matchAll(/^ (\w{64}) +\d+ (\S+)$/gm)].map(([, sha256, path]) => ({
        sha256,
        path,
      }));
      expect(lines).toHaveLength(9);
      const names = lines.flatMap(({ sha256, path = '' }) => [
        `${sha256}  ${path}`,
        `${sha256}  ${path.replace(/[^/]+$/, '')}by-hash/SHA256/${sha256}`,
      ]);
      await execa('sha256sum', ['--check', '--strict'], { input: `${names.join('\n')}\n`, cwd: folder });
    });

    test('publishing the same again changes nothing but the date; other bytes for a version are refused', async () => {
      const { release, run, index } = await repository();
      const folder = await release([first]);
      await run([folder]);
      const again = await run([folder], ['--json']);
      expect(JSON.parse(again.stdout)).toMatchObject({ added: [], packages: [{ version: '1.0-1' }] });
      const { exitCode, stderr } = await run([await release([{ ...first, content: 'other' }, second])]);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /_all\.deb: has sha256 \w{64}, but pool\/stable\/main\/v\/vw\/vw_1\.0-1_all\.deb is published with \w{64}\n {2}hint: a published version never changes/,
      );
      expect(await index()).toEqual([paths[0]]);
    });

    test('with SOURCE_DATE_EPOCH two repositories have the same bytes, and hosts are never given an older date', async () => {
      const env = { SOURCE_DATE_EPOCH: '1700000000' };
      const made = [await repository(), await repository()];
      for (const { release, run } of made) {
        expect(await run([await release([second, first])], [], env)).toMatchObject({ exitCode: 0 });
      }
      const [a = '', b = ''] = made.map(({ root }) => root);
      await execa('diff', ['--recursive', a, b]);
      expect(await readFile(join(a, 'dists/stable/Release'), 'utf8')).toContain(
        'Date: Tue, 14 Nov 2023 22:13:20 +0000\n',
      );
      const older = await made[0]?.run([], [join(a, '../release-1')], { SOURCE_DATE_EPOCH: '1699999999' });
      expect(older).toMatchObject({ exitCode: 1 });
      expect(older?.stderr).toContain(
        'was published on 2023-11-14T22:13:20.000Z, later than 2023-11-14T22:13:19.000Z',
      );
    });

    test('several runs at once all get in', async () => {
      const { release, run, index } = await repository();
      const folders = [await release([first]), await release([second])];
      const results = await Promise.all(folders.map((folder) => run([folder])));
      expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(results.map(({ stderr }) => stderr).join('')).toContain(
        'waiting for another run that publishes to',
      );
      expect(await index()).toEqual(paths);
    });

    test('what a killed run left is neither published nor kept', async () => {
      const { root, release, run, index } = await repository();
      await mkdir(join(root, pool), { recursive: true });
      await writeFile(join(root, paths[1] ?? ''), 'half');
      await mkdir(join(root, '.pvdisc-publish.staging-x'));
      const lock = join(root, '.pvdisc-publish.lock');
      await mkdir(lock);
      await utimes(lock, 1, 1);
      expect(await run([await release([first])])).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining(`${paths[1]} left by a run that was killed, not published; `),
      });
      expect(await index()).toEqual([paths[0]]);
      expect((await readdir(root)).filter((name) => name.startsWith('.'))).toEqual([]);
      expect(await run([await release([second])])).toMatchObject({ exitCode: 0 });
      expect((await readFile(join(root, paths[1] ?? ''))).length).toBeGreaterThan(4);
    });

    test.each([
      ['dists/stable/InRelease', 'BAD signature from'],
      ['dists/stable/main/binary-all/by-hash', 'is not the index that'],
    ])('a repository whose %s was changed is not signed again', async (path, words) => {
      const { root, release, run } = await repository();
      const folder = await release([first]);
      await run([folder]);
      if (path.endsWith('InRelease')) {
        const text = await readFile(join(root, path), 'utf8');
        await writeFile(join(root, path), text.replace('Suite: stable', 'Suite: stabl3'));
      } else {
        const hashes = join(root, path, 'SHA256');
        for (const name of await readdir(hashes)) await appendFile(join(hashes, name), '\n');
      }
      const before = join(root, '../before');
      await cp(root, before, { recursive: true });
      const { exitCode, stderr } = await run([folder]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(words);
      await execa('diff', ['--recursive', before, root]);
    });

    test('hosts that read the InRelease before still find its indexes, older ones go', async () => {
      const { root, release, run } = await repository();
      const hashes = async () => readdir(join(root, 'dists/stable/main/binary-all/by-hash/SHA256'));
      await run([await release([first])]);
      const [one, two, three] = await hashes();
      await run([await release([second])]);
      expect(await hashes()).toHaveLength(6);
      expect(await hashes()).toEqual(expect.arrayContaining([one, two, three]));
      await run([await release([{ ...second, version: '3.0-1' }])]);
      expect(await hashes()).toHaveLength(6);
      expect(await hashes()).not.toContain(one);
    });

    test('the key for hosts is binary whatever gpg.conf says, and a key without its passphrase is named', async () => {
      const { root, release, run } = await repository();
      const folder = await release([first]);
      const locked = await makeGpgKey('locked@example.invalid', 'secret');
      await execa('gpgconf', ['--homedir', locked.home, '--kill', 'all']);
      const refused = await pvdisc(['publish', '--apt', root, '--key', locked.id, folder], {
        GNUPGHOME: locked.home,
      });
      await locked.remove();
      expect([refused.exitCode, refused.stderr]).toEqual([
        1,
        expect.stringMatching(
          /^--key [0-9A-F]{40}: gpg cannot sign with it: .*\n {2}hint: check that the key is not expired and the passphrase is right;.*\n$/,
        ),
      ]);
      const conf = join(key.home, 'gpg.conf');
      await writeFile(conf, 'armor\n');
      const once = await run([folder]);
      const again = await run([folder]);
      await rm(conf);
      expect([once, again]).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
      expect((await readFile(join(root, 'pvdisc.gpg')))[0]).toBeGreaterThan(0x7f);
      expect(await readFile(join(root, 'pvdisc.asc'), 'utf8')).toMatch(
        /^-----BEGIN PGP PUBLIC KEY BLOCK-----\n/,
      );
    });

    test('a key that is not there, or is one of two, and a release that is not whole leave nothing behind', async () => {
      const { root, release, run } = await repository();
      const folder = await release([first]);
      const { exitCode, stderr } = await pvdisc(['publish', '--apt', root, '--key', 'nobody', folder], {
        GNUPGHOME: key.home,
      });
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr:
          '--key nobody: gpg has no such secret key: gpg: error reading key: No secret key\n  hint: gpg --list-secret-keys shows them; give the fingerprint of one, and set GNUPGHOME if they are elsewhere\n',
      });
      await expect(readdir(root)).rejects.toThrow('ENOENT');
      const ambiguous = [
        '--faked-system-time',
        '20200101T000000!',
        '--quick-gen-key',
        `Twin <twin@example.invalid>`,
      ];
      for (const usage of ['sign', 'cert']) {
        const args = ['--batch', '--yes', '--passphrase', '', ...ambiguous, 'ed25519', usage, 'never'];
        await execa('gpg', args, { env: { GNUPGHOME: key.home } });
      }
      const two = await pvdisc(['publish', '--apt', root, '--key', 'twin@example.invalid', folder], {
        GNUPGHOME: key.home,
      });
      expect(two.stderr).toMatch(/^--key twin@example\.invalid: gpg has 2 secret keys for it\n/);
      await rm(join(folder, 'vw_1.0-1_all.deb'));
      expect(await run([folder])).toMatchObject({ exitCode: 1 });
      await expect(readdir(root)).rejects.toThrow('ENOENT');
      await mkdir(root);
      expect(await run([folder])).toMatchObject({ exitCode: 1 });
      expect(await readdir(root)).toEqual([]);
    });

    test.each([
      ['--suite', '../x'],
      ['--suite', 'Stable'],
      ['--origin', 'a/b'],
      ['--label', 'a\nB: c'],
      ['--valid-for', '0.5'],
      ['--valid-for', 'x'],
      ['--url', "http://x'y"],
      ['--url', 'http://x/$(id)'],
      ['--url', 'http://x/?a;b'],
      ['--url', 'https://a b'],
      ['--url', 'javascript:1'],
      ['--url', 'ftp://x'],
      ['--url', 'https://'],
    ])('%s %s is a usage error', async (option, value) => {
      const { exitCode, stderr } = await pvdisc(['publish', '--apt', 'a', '--key', 'k', option, value, 'r']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`${option} `);
    });
  },
);
