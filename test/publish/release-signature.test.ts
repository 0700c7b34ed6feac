import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pvdisc } from '../builders/command.ts';
import { type GpgKey, makeGpgKey } from '../builders/gpg-key.ts';
import { lacksTool } from '../builders/needs.ts';
import { makeSigningKey, type SigningKey } from '../builders/openpgp.ts';
import { makeReleaseFolder } from '../builders/package.ts';

describe.skipIf(lacksTool('apt-ftparchive', 'gpg', 'gpgconf', 'gpgv', 'xz', 'dpkg-deb'))(
  'a release that is published',
  () => {
    let key: GpgKey;
    let work: string;
    let root: string;
    let count = 0;

    beforeAll(async () => {
      key = await makeGpgKey();
      work = await mkdtemp(join(tmpdir(), 'pvdisc-release-'));
    });

    afterAll(async () => {
      await key?.remove();
      await rm(work, { recursive: true, force: true });
    });

    const publish = (folder: string, ...options: readonly string[]) => {
      root = join(work, `apt-${++count}`);
      return pvdisc(['publish', '--apt', root, '--key', key.id, ...options, folder], { GNUPGHOME: key.home });
    };
    const makeRelease = (control?: Readonly<Record<string, string>>) =>
      makeReleaseFolder(join(work, `release-${++count}`), [
        { name: 'vw', version: '1-1', content: 'x', ...(control && { control }) },
      ]);
    const sign = async (folder: string, maker: SigningKey) =>
      writeFile(join(folder, 'SHA256SUMS.asc'), await maker.sign(await readFile(join(folder, 'SHA256SUMS'))));
    const keyFile = async (maker: SigningKey) => {
      const file = join(work, `key-${++count}`);
      await writeFile(file, maker.armoured);
      return file;
    };

    test.each([
      [{ Package: 'sudo' }, 'Package: sudo, Version: 1-1, Architecture: all'],
      [{ Version: '99:1-1' }, 'Package: vw, Version: 99:1-1, Architecture: all'],
      [{ Architecture: 'amd64' }, 'Package: vw, Version: 1-1, Architecture: amd64'],
    ])('must hold a package that is what its name says: %j', async (control, says) => {
      const folder = await makeRelease(control);
      const { exitCode, stdout, stderr } = await publish(folder);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain(`${folder}/vw_1-1_all.deb: its control file says ${says}\n  hint: `);
      expect(existsSync(root)).toBe(false);
    });

    test('is named when it is unsigned or by an unknown key, and judged by --release-key', async () => {
      const [maker, other] = [await makeSigningKey(), await makeSigningKey()];
      const folder = await makeRelease();
      const unsigned = await publish(folder);
      expect(unsigned).toMatchObject({ exitCode: 0, stderr: '' });
      expect(unsigned.stdout).toContain(`${folder}: SHA256SUMS is not signed`);
      const wanted = await publish(folder, '--release-key', await keyFile(maker));
      expect(wanted).toMatchObject({ exitCode: 1, stdout: '' });
      expect(wanted.stderr).toContain('SHA256SUMS.asc: no such file, but --release-key requires a signature');

      await sign(folder, maker);
      const unknown = await publish(folder);
      expect(unknown).toMatchObject({ exitCode: 0 });
      expect(unknown.stdout).toContain(`${folder}: the signature of SHA256SUMS was not checked`);
      const judged = await publish(folder, '--json', '--release-key', await keyFile(maker));
      expect(JSON.parse(judged.stdout).releases).toEqual([{ folder, signature: 'good' }]);
      const foreign = await publish(folder, '--release-key', await keyFile(other));
      expect(foreign).toMatchObject({ exitCode: 1, stdout: '' });
      expect(foreign.stderr).toMatch(
        /SHA256SUMS\.asc: is not a good signature of SHA256SUMS: .*No public key/,
      );
      const expired = await makeSigningKey('20200102T000000', ['--faked-system-time', '20200101T000000!']);
      await sign(folder, expired);
      const late = await publish(folder, '--release-key', await keyFile(expired));
      expect(late.stderr).toContain('SHA256SUMS: the key has expired: gpgv reports EXPKEYSIG\n');
      const none = await publish(folder, '--release-key', join(folder, 'SHA256SUMS'));
      expect(none).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('is not an OpenPGP public key'),
      });
    });

    test('is refused without --release-key too when its signature is damaged or does not fit', async () => {
      const folder = await makeRelease();
      const signature = join(folder, 'SHA256SUMS.asc');
      await writeFile(signature, 'no signature\n');
      expect((await publish(folder)).stderr).toContain(
        `${signature}: is not a good signature of SHA256SUMS: `,
      );
      const gpg = ['--batch', '--armor', '--output', '-', '--detach-sign', join(folder, 'SHA256SUMS')];
      const { stdout } = await execa('gpg', gpg, { env: { GNUPGHOME: key.home } });
      await writeFile(signature, `${stdout}\n`);
      expect(JSON.parse((await publish(folder, '--json')).stdout).releases).toMatchObject([
        { signature: 'good' },
      ]);
      const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8');
      await writeFile(join(folder, 'SHA256SUMS'), `${sums}\n`);
      const changed = await publish(folder);
      expect(changed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('BAD signature from') });
      await rm(signature);
      await mkdir(signature);
      expect((await publish(folder)).stderr).toContain(`${signature}: is not a regular file`);
      expect(existsSync(root)).toBe(false);
    });
  },
);
