import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pvdisc } from '../builders/command.ts';
import { type GpgKey, makeGpgKey } from '../builders/gpg-key.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { makeRpmRelease, type TestRpm } from '../builders/rpm.ts';

const first: TestRpm = { name: 'vw', version: '1.0-1' };
const second: TestRpm = { name: 'vw', version: '2.0-1' };
const paths = ['stable/Packages/v/vw-1.0-1.noarch.rpm', 'stable/Packages/v/vw-2.0-1.noarch.rpm'];

describe.skipIf(lacksTool('createrepo_c', 'rpmbuild', 'gpg', 'gpgv', 'gpgconf'))(
  'pvdisc publish --rpm',
  () => {
    let key: GpgKey;

    beforeAll(async () => {
      key = await makeGpgKey();
    });

    afterAll(() => key.remove());

    /** A repository, and how to publish to it. */
    async function repository() {
      const work = await temporaryFolder('pvdisc-dnf-');
      const root = join(work, 'dnf');
      let count = 0;
      const release = (...packages: readonly TestRpm[]) => {
        count += 1;
        return makeRpmRelease(join(work, `release-${count}`), packages);
      };
      const run = (folders: readonly string[], options: readonly string[] = []) =>
        pvdisc(['publish', '--rpm', root, '--key', key.id, ...options, ...folders], { GNUPGHOME: key.home });
      const repodata = (name = '') => join(root, 'stable/repodata', name);
      return { root, release, run, repodata };
    }

    test('a second release is added, the first one stays, and a third run has nothing to add', async () => {
      const { root, release, run, repodata } = await repository();
      const one = await release(first);
      const { exitCode, stdout, stderr } = await run([one], ['--url', 'https://h.example/a/']);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(
        /stable has 1 package, 1 new; signed by [0-9A-F]{40}\n {2}stable\/Packages\/v\/vw/,
      );
      expect(stdout).toContain('baseurl=https://h.example/a/stable\nrepo_gpgcheck=1\n');
      const before = await readFile(repodata('repomd.xml'));
      // The old package is taken from the signed index, not from its file, which others may have replaced.
      await writeFile(join(root, paths[0] ?? ''), 'changed');
      const added = await run([await release(second)], ['--json']);
      expect(JSON.parse(added.stdout)).toMatchObject({
        packages: [{ version: '1.0-1' }, { version: '2.0-1' }],
        added: [paths[1]],
        restored: [],
      });
      const third = await run([one], ['--json']);
      expect(JSON.parse(third.stdout)).toMatchObject({ added: [], restored: [paths[0]] });
      expect(await readFile(repodata('repomd.xml'))).not.toEqual(before);
      await execa('gpgv', [
        '--keyring',
        join(root, 'pvdisc.gpg'),
        repodata('repomd.xml.asc'),
        repodata('repomd.xml'),
      ]);
      const page = await readFile(join(root, 'index.html'), 'utf8');
      expect(page).toBe(await readFile(join(root, 'dnf-stable.html'), 'utf8'));
      for (const path of paths) expect(page).toContain(`href="${path}"`);
      expect(page).toContain('dnf repository of drivers for Windows');
      expect(page).toContain('baseurl=$URL/stable');
      // The index before is kept for hosts that read it; older ones are gone.
      expect((await readdir(repodata())).filter((name) => name.includes('-primary.'))).toHaveLength(1);
    });

    test('a published version never gets other bytes', async () => {
      const { release, run } = await repository();
      await run([await release(first)]);
      const { exitCode, stderr } = await run([await release({ ...first, tags: 'URL: https://x.example' })]);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /has sha256 \w{64}, but stable\/Packages\/v\/vw-1\.0-1\.noarch\.rpm is published with/,
      );
    });

    test('a package must be what its name says', async () => {
      const { release, run } = await repository();
      const folder = await release(first);
      await execa('mv', [join(folder, 'vw-1.0-1.noarch.rpm'), join(folder, 'sudo-1.0-1.noarch.rpm')]);
      const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8');
      await writeFile(join(folder, 'SHA256SUMS'), sums.replace('vw-1.0', 'sudo-1.0'));
      expect((await run([folder])).stderr).toContain('its header says vw 1.0-1 for noarch');
    });

    test.each<[string, (repodata: (name?: string) => string) => Promise<unknown>, RegExp]>([
      [
        'changed after it was signed',
        async (at) =>
          writeFile(
            at('repomd.xml'),
            (await readFile(at('repomd.xml'), 'utf8')).replace('<revision>', '<revision>1'),
          ),
        /repomd\.xml: is not signed by the key of --key or --old-key/,
      ],
      [
        'without its signatures',
        async (at) => {
          for (const name of await readdir(at())) if (name.endsWith('.asc')) await rm(at(name));
        },
        /is not signed by the key/,
      ],
      [
        'with another list of packages',
        async (at) => {
          const name = (await readdir(at())).find((found) => found.includes('-primary.')) ?? '';
          await writeFile(at(name), 'x');
        },
        /-primary\.xml\.gz: is not the index that .*repomd\.xml signs/,
      ],
      [
        'that is gone',
        (at) => rm(at(), { recursive: true }),
        /no such file, but the pool holds packages of the suite/,
      ],
      [
        'without its first file',
        (at) => rm(at('repomd.xml')),
        /no such file, but .* holds a published suite/,
      ],
    ])('an index %s is not signed again', async (_, change, message) => {
      const { release, run, repodata } = await repository();
      await run([await release(first)]);
      await change(repodata);
      const { exitCode, stderr } = await run([await release(second)]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(message) });
    });

    test('an older index, another origin and another suite are refused', async () => {
      const { root, release, run, repodata } = await repository();
      await run([await release(first)]);
      await cp(repodata(), join(root, 'old'), { recursive: true });
      const two = await release(second);
      await run([two]);
      expect((await run([two], ['--origin', 'other'])).stderr).toContain(
        'has the origin "pvdisc", not "other"',
      );
      await cp(join(root, 'stable'), join(root, 'beta'), { recursive: true });
      expect((await run([two], ['--suite', 'beta'])).stderr).toContain('it signs the suite stable, not beta');
      await rm(repodata(), { recursive: true });
      await cp(join(root, 'old'), repodata(), { recursive: true });
      expect((await run([await release({ ...first, name: 'other' })])).stderr).toMatch(
        /does not name packages that are in the pool: .*vw-2\.0-1/,
      );
    });

    test('one page leads to the suites for dnf and for apt in one folder', async () => {
      const { root, release, run } = await repository();
      await mkdir(join(root, 'dists/stable'), { recursive: true });
      await run([await release(first)]);
      const page = await readFile(join(root, 'index.html'), 'utf8');
      expect(page).toContain('apt and dnf repository of');
      expect(
        [...page.matchAll(/href="([a-z]+-[^"]*)">([^<]*)</g)].map(([, href, name]) => [href, name]),
      ).toEqual([
        ['apt-stable.html', 'stable (apt)'],
        ['dnf-stable.html', 'stable (dnf)'],
      ]);
    });

    test('an index by a key that has expired is refused, with what to do', async () => {
      const { root, release, run } = await repository();
      const old = await makeGpgKey('old@example.invalid');
      const one = await release(first);
      await pvdisc(['publish', '--rpm', root, '--key', old.id, one], { GNUPGHOME: old.home });
      const env = { GNUPGHOME: old.home };
      const { stdout } = await execa('gpg', ['--with-colons', '--list-keys', old.id], { env });
      const [, fingerprint = ''] = /^fpr:+([0-9A-F]+):/m.exec(stdout) ?? [];
      await execa('gpg', ['--batch', '--quick-set-expire', fingerprint, '20200601T000000'], { env });
      const file = join(old.home, 'old.gpg');
      await execa('gpg', ['--output', file, '--export', old.id], { env });
      const { exitCode, stderr } = await run([one], ['--old-key', file]);
      await old.remove();
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringMatching(
          /the key has expired: gpgv reports EXPKEYSIG\n {2}hint: extend the key/,
        ),
      });
    });

    test('a run that was killed between the two last files is completed', async () => {
      const { release, run, repodata } = await repository();
      await run([await release(first)]);
      await writeFile(repodata('repomd.xml.asc'), await readFile(join(key.home, 'pubring.kbx')));
      expect(await run([await release(second)])).toMatchObject({ exitCode: 0, stderr: '' });
    });

    test.each([
      [[], /--apt, --rpm or --oci is missing/],
      [['--rpm', 'a', '--apt', 'b'], /takes --apt or --rpm, not both: run it once for each/],
      [['--rpm', 'a', '--valid-for', '7'], /left out with --rpm/],
    ])('the options %j are a usage error', async (options, message) => {
      const { exitCode, stderr } = await pvdisc(['publish', '--key', 'k', ...options, 'dist/x']);
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(message) });
    });
  },
);
