import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Of } from '../../pipeline/formats/sums.ts';
import { secretKey } from '../../pipeline/system/gpg.ts';
import { pvdisc } from '../builders/command.ts';
import { type GpgKey, makeGpgKey } from '../builders/gpg-key.ts';
import { lacksTool } from '../builders/needs.ts';
import { makeReleaseFolder } from '../builders/package.ts';
import { problemsOf } from '../builders/problems.ts';

const subkey = 'subkey@example.invalid';
const other = 'other@example.invalid';
const expired = 'expired@example.invalid';
const revoked = 'revoked@example.invalid';
const halfExpired = 'half@example.invalid';
const signedIn2020 = ['--faked-system-time', '20200301T000000!'];

describe.skipIf(lacksTool('apt-ftparchive', 'gpg', 'gpgconf', 'gpgv', 'xz', 'dpkg-deb'))(
  'the index that a suite has already',
  () => {
    let key: GpgKey;
    let work: string;
    let release: string;
    let second: string;
    /** A repository with one package, as it was published. */
    let made: string;

    const gpg = (...args: readonly string[]) =>
      execa('gpg', ['--batch', '--yes', '--trust-model', 'always', '--passphrase', '', ...args], {
        env: { GNUPGHOME: key.home },
      });
    const fingerprintOf = async (id: string) => {
      const { stdout } = await gpg('--with-colons', '--list-keys', id);
      return /^fpr:+([0-9A-F]+):/m.exec(stdout)?.[1] ?? '';
    };
    const publicKey = async (id: string) => {
      const file = join(work, `${id}.gpg`);
      await gpg('--output', file, '--export', id);
      return file;
    };
    const publish = (root: string, folder: string, ...options: readonly string[]) =>
      pvdisc(['publish', '--apt', root, '--key', key.id, ...options, folder], { GNUPGHOME: key.home });

    beforeAll(async () => {
      key = await makeGpgKey();
      work = await mkdtemp(join(tmpdir(), 'pvdisc-index-'));
      const create = async (id: string, usage: string, expires: string) =>
        gpg('--faked-system-time', '20200101T000000!', '--quick-gen-key', id, 'ed25519', usage, expires);
      await create(other, 'sign', 'never');
      await create(expired, 'sign', '20200601T000000');
      await create(revoked, 'sign', 'never');
      await create(subkey, 'cert', 'never');
      await create(halfExpired, 'cert', 'never');
      const addSubkey = async (id: string, expires: string, ...options: readonly string[]) =>
        gpg(...options, '--quick-add-key', await fingerprintOf(id), 'ed25519', 'sign', expires);
      await addSubkey(subkey, 'never');
      await addSubkey(halfExpired, '20200601T000000', ...signedIn2020);
      await gpg('--quick-gen-key', 'reader@example.invalid', 'future-default', 'default', 'never');
      release = await makeReleaseFolder(join(work, 'r1'), [{ name: 'vw', version: '1-1', content: 'one' }]);
      second = await makeReleaseFolder(join(work, 'r2'), [{ name: 'vw', version: '2-1', content: 'two' }]);
      made = join(work, 'apt');
      expect(await publish(made, release)).toMatchObject({ exitCode: 0, stderr: '' });
    });

    afterAll(async () => {
      await key?.remove();
      await rm(work, { recursive: true, force: true });
    });

    /** A copy of the repository to which somebody without a key has added a package; `Release` names its index. */
    async function attacked() {
      const root = join(await mkdtemp(join(work, 'attacked-')), 'apt');
      await cp(made, root, { recursive: true });
      const suite = join(root, 'dists/stable');
      const index = `${await readFile(join(suite, 'main/binary-all/Packages'), 'utf8')}Package: evil
Version: 1
Architecture: all
Filename: pool/stable/main/e/evil/evil_1_all.deb
SHA256: ${'0'.repeat(64)}

`;
      const sha256 = sha256Of(index);
      await writeFile(join(suite, 'main/binary-all/by-hash/SHA256', sha256), index);
      const text = await readFile(join(suite, 'Release'), 'utf8');
      const changed = text.replace(/^ [0-9a-f]{64}( +\d+ main\/binary-all\/Packages)$/m, ` ${sha256}$1`);
      expect(changed).not.toBe(text);
      await writeFile(join(suite, 'Release'), changed);
      return { root, inRelease: join(suite, 'InRelease'), text: join(suite, 'Release') };
    }

    type Repository = Awaited<ReturnType<typeof attacked>>;
    const write = (file: string, ...args: readonly string[]) => gpg('--output', file, ...args);
    const sign = (file: string, text: string, id: string, ...more: readonly string[]) =>
      write(file, ...more, '--local-user', id, '--clearsign', text);
    const around = async (inRelease: string, before: string, after: string) =>
      writeFile(
        inRelease,
        `${before}${await readFile(join(made, 'dists/stable/InRelease'), 'utf8')}${after}`,
      );
    const notClear = /it does not begin with a clear-signed text/;
    const notOurs = /is not signed by the key of --key or --old-key: .*No public key/;

    test.each<[string, (repository: Repository) => Promise<unknown>, RegExp]>([
      ['stored', ({ inRelease, text }) => write(inRelease, '--store', text), notClear],
      ['stored in armour', ({ inRelease, text }) => write(inRelease, '--armor', '--store', text), notClear],
      ['plain text', ({ inRelease, text }) => cp(text, inRelease), notClear],
      [
        'encrypted',
        ({ inRelease, text }) => write(inRelease, '-r', 'reader@example.invalid', '--encrypt', text),
        notClear,
      ],
      [
        'not clear-signed, but signed',
        ({ inRelease, text }) => write(inRelease, '--local-user', key.id, '--sign', text),
        notClear,
      ],
      ['signed by another key', ({ inRelease, text }) => sign(inRelease, text, other), notOurs],
      [
        'signed by an expired key',
        ({ inRelease, text }) => sign(inRelease, text, expired, ...signedIn2020),
        notOurs,
      ],
      ['preceded by text', ({ inRelease }) => around(inRelease, 'Origin: x\n', ''), notClear],
      [
        'followed by text',
        ({ inRelease }) => around(inRelease, '', 'Origin: x\n'),
        /it contains other text before or after the armored signature/,
      ],
      [
        'followed by another one',
        async ({ inRelease }) =>
          around(inRelease, '', await readFile(join(made, 'dists/stable/InRelease'), 'utf8')),
        /it holds more than one clear-signed text/,
      ],
      [
        'signed with SHA-1',
        ({ inRelease, text }) => sign(inRelease, text, key.id, '--digest-algo', 'SHA1'),
        /its digest is SHA-1/,
      ],
      [
        'signed for a time that is over',
        ({ inRelease, text }) =>
          sign(inRelease, text, key.id, ...signedIn2020, '--default-sig-expire', '20200401T000000'),
        /Expired signature from/,
      ],
      [
        'of another suite',
        async ({ inRelease, text }) => {
          await writeFile(text, (await readFile(text, 'utf8')).replace('Suite: stable', 'Suite: testing'));
          await sign(inRelease, text, key.id);
        },
        /it signs the suite testing, not stable/,
      ],
    ])('is not taken over when it is %s', async (_, change, says) => {
      const repository = await attacked();
      await change(repository);
      const before = `${repository.root}.before`;
      await cp(repository.root, before, { recursive: true });
      const { exitCode, stdout, stderr } = await publish(repository.root, second);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(says);
      expect(stderr).toContain(`${repository.inRelease}: is not signed by the key of --key or --old-key: `);
      expect(stderr).toContain('\n  hint: restore the repository from a backup');
      await execa('diff', ['--recursive', before, repository.root]);
    });

    test('is taken over when one of two signatures is by the key', async () => {
      const { root, inRelease } = await attacked();
      const text = join(made, 'dists/stable/Release');
      await write(inRelease, '--local-user', other, '--local-user', key.id, '--clearsign', text);
      expect(await publish(root, second)).toMatchObject({ exitCode: 0, stderr: '' });
    });

    test('is taken over when a subkey of the key signed it', async () => {
      const root = join(await mkdtemp(join(work, 'subkey-')), 'apt');
      const run = (folder: string) =>
        pvdisc(['publish', '--apt', root, '--key', subkey, folder], { GNUPGHOME: key.home });
      expect(await run(release)).toMatchObject({ exitCode: 0 });
      expect((await run(second)).stdout).toContain('stable has 2 packages, 1 new');
    });

    test('is taken over from the key of --old-key, and from no other', async () => {
      const root = join(await mkdtemp(join(work, 'rollover-')), 'apt');
      await cp(made, root, { recursive: true });
      const run = (...options: readonly string[]) =>
        pvdisc(['publish', '--apt', root, '--key', other, ...options, second], { GNUPGHOME: key.home });
      expect((await run()).stderr).toMatch(/; after a change of key, give .*: --old-key FILE\n$/);
      expect((await run('--old-key', await publicKey(subkey))).stderr).toMatch(notOurs);
      const changed = await run('--old-key', await publicKey(key.id));
      expect(changed).toMatchObject({ exitCode: 0, stderr: '' });
      expect(changed.stdout).toContain('stable has 2 packages, 1 new');
      await execa('gpgv', ['--keyring', join(root, 'pvdisc.gpg'), join(root, 'dists/stable/InRelease')]);
      expect(await run()).toMatchObject({ exitCode: 0 });
      const none = await run('--old-key', join(work, 'none'));
      expect(none).toMatchObject({ exitCode: 1, stdout: '' });
      expect(none.stderr).toContain('--old-key: ');
    });

    test('is not taken over from a key of --old-key that has expired or was revoked', async () => {
      const { root, inRelease, text } = await attacked();
      await sign(inRelease, text, expired, ...signedIn2020);
      const old = await publish(root, second, '--old-key', await publicKey(expired));
      expect(old).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('gpgv reports EXPKEYSIG') });
      expect(old.stderr).toMatch(
        /: the key has expired: gpgv .*\n {2}hint: extend the key \(gpg --quick-set-/,
      );
      await sign(inRelease, text, revoked);
      const revocation = join(key.home, 'openpgp-revocs.d', `${await fingerprintOf(revoked)}.rev`);
      const written = await readFile(revocation, 'utf8');
      await writeFile(join(work, 'revocation'), written.replace(/^:/m, ''));
      await gpg('--import', join(work, 'revocation'));
      const gone = await publish(root, second, '--old-key', await publicKey(revoked));
      expect(gone).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('gpgv reports REVKEYSIG') });
      expect(gone.stderr).toContain('InRelease: has no good signature: the key was revoked: gpgv ');
    });

    test('is not signed by a key that has expired or was revoked, which is said before anything is done', async () => {
      const context = { gnupgHome: key.home, epoch: undefined, signal: new AbortController().signal };
      const problemOf = async (id: string) => (await problemsOf(secretKey(id, context)))[0];
      const shown = 'another key: gpg --list-secret-keys shows them';
      expect(await problemOf(expired)).toBe(
        `--key ${expired}: expired on 2020-06-01, so gpg does not sign with it
  hint: extend it: gpg --quick-set-expire ${await fingerprintOf(expired)} 1y; or give ${shown}`,
      );
      expect(await problemOf(revoked)).toBe(
        `--key ${revoked}: was revoked, so gpg does not sign with it\n  hint: give ${shown}`,
      );
      expect(await problemOf(halfExpired)).toBe(
        `--key ${halfExpired}: its subkey for signing expired on 2020-06-01, so gpg does not sign with it
  hint: extend it: gpg --quick-set-expire ${await fingerprintOf(halfExpired)} 1y '*'; or give ${shown}`,
      );
      expect(await secretKey(subkey, context)).toBe(await fingerprintOf(subkey));
      const inTime = { ...context, epoch: Date.UTC(2020, 2, 1) / 1000 };
      expect(await secretKey(expired, inTime)).toBe(await fingerprintOf(expired));
    });

    test.each(['Origin', 'Label'])('is not taken over with another %s', async (field) => {
      const { exitCode, stderr } = await publish(made, second, `--${field.toLowerCase()}`, 'Other');
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringContaining(
          `${made}/dists/stable/InRelease: has the ${field} "pvdisc", not "Other"`,
        ),
      });
    });

    test.each(['Release', 'main'])('is not started anew while the suite has %s', async (kept) => {
      const root = join(await mkdtemp(join(work, 'anew-')), 'apt');
      await cp(made, root, { recursive: true });
      const suite = join(root, 'dists/stable');
      for (const name of await readdir(suite))
        if (name !== kept) await rm(join(suite, name), { recursive: true });
      const { exitCode, stderr } = await publish(root, second);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: `${suite}/InRelease: no such file, but ${suite} holds a published suite (${kept})
  hint: restore InRelease from a backup; to start a new suite with only the given releases, remove ${suite} and ${root}/pool/stable
`,
      });
      await rm(suite, { recursive: true });
      await rm(join(root, 'pool/stable'), { recursive: true });
      if (kept === 'main') await mkdir(suite);
      expect((await publish(root, second)).stdout).toContain('stable has 1 package, 1 new');
    });
  },
);
