import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, test, vi } from 'vitest';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { makeSigningKey } from '../builders/openpgp.ts';
import { temporaryFolder } from '../builders/release.ts';
import { badPlaces, copySample, verified } from './copied-release.ts';

const lacksGpg = lacksTool('gpg', 'gpgv');

afterEach(() => {
  vi.unstubAllEnvs();
});

test.skipIf(lacksGpg)(
  'a signature, sums or document that is not a regular file is bad and not waited for',
  async () => {
    const { folder, key } = await signedSample();
    const names = ['SHA256SUMS.asc', 'SHA256SUMS', 'release.json', 'pvdisc-sample-0.1.0.cdx.json'];
    for (const name of names) {
      const file = join(folder, name);
      const kept = join(folder, '..', 'kept');
      await rename(file, kept);
      const replacements = [
        () => execa('mkfifo', [file]),
        () => symlink('/dev/zero', file),
        () => symlink(kept, file),
        () => mkdir(file),
      ];
      for (const replace of replacements) {
        await replace();
        for (const options of [[], ['--key', key]]) {
          const { checks } = await verified(folder, ...options);
          const said = checks.filter(({ place, verdict }) => place === name && verdict === 'bad');
          expect([name, options, said[0]?.message]).toEqual([
            name,
            options,
            expect.stringMatching(/not a regular file/),
          ]);
        }
        await rm(file, { recursive: true });
      }
      await rename(kept, file);
    }
    expect((await verified(folder, '--key', key)).good).toBe(true);
  },
);

test.skipIf(lacksGpg)('what is no input or no key is refused and not waited for', async () => {
  const { folder } = await signedSample();
  const fifo = join(folder, '..', 'fifo');
  await execa('mkfifo', [fifo]);
  const none = join(folder, '..', 'nonesuch');
  const hint = 'hint: give the public key of the publisher: --key FILE';
  const said = [
    [fifo, 'is not a regular file'],
    ['/dev/zero', 'is not a regular file'],
    ['/etc', 'is a folder, not a file'],
  ] as const;
  for (const [key, words] of said) {
    const { exitCode, stdout, stderr } = await pvdisc(['verify', folder, '--key', key]);
    expect([exitCode, stdout, stderr]).toEqual([1, '', expect.stringContaining(`--key: ${key}: ${words}`)]);
    expect(stderr).toContain(hint);
  }
  expect(await pvdisc(['verify', folder, '--key', none])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `--key ${none}: no such file\n  hint: see pvdisc verify --help\n`,
  });
  for (const input of [fifo, '/dev/zero'])
    expect(await pvdisc(['verify', input])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`${input}: is neither a file nor a folder`),
    });
});

test.skipIf(lacksGpg)('the time limit counts for gpgv', async () => {
  const { folder, key } = await signedSample();
  const tools = await temporaryFolder('pvdisc-tools-');
  await writeFile(join(tools, 'gpgv'), '#!/bin/sh\nexec sleep 600\n');
  await chmod(join(tools, 'gpgv'), 0o755);
  vi.stubEnv('PATH', `${tools}${delimiter}${process.env.PATH}`);
  const { checks } = await verified(folder, '--key', key, '--limit', 'seconds=1');
  expect(checks.find(({ place }) => place === 'SHA256SUMS.asc')).toMatchObject({
    verdict: 'bad',
    message: 'took more than 1 seconds to read',
  });
});

test.skipIf(lacksGpg)('a weak, early or cluttered signature is bad', async () => {
  const { folder, key, maker } = await signedSample();
  const sums = await readFile(join(folder, 'SHA256SUMS'));
  const signature = join(folder, 'SHA256SUMS.asc');
  const said = async () =>
    (await verified(folder, '--key', key)).checks.find(({ place }) => place === 'SHA256SUMS.asc')?.message;
  await writeFile(signature, await maker.sign(sums, ['--digest-algo', 'SHA1']));
  expect(await said()).toMatch(/^is not a good signature by .*: its digest is SHA-1, for which/);
  await writeFile(signature, await maker.sign(sums, ['--faked-system-time', '20991231T235900!']));
  expect(await said()).toMatch(/: it is dated 2099-12-31T23:59:00\.000Z, which is in the future$/);
  await writeFile(signature, await maker.sign(sums));
  expect(await said()).toMatch(/^is a good signature by /);
  await appendFile(signature, 'garbage\n');
  expect(await said()).toMatch(/: it contains other text before or after the armored signature$/);
});

test.skipIf(lacksGpg)('a package that the signed sums do not name is bad', async () => {
  const { folder, key } = await signedSample();
  const [deb = ''] = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
  const added = 'pvdisc-sample-extras_0.1.0-1_all.deb';
  await copyFile(join(folder, deb), join(folder, added));
  const extra = await verified(folder, '--key', key);
  expect(badPlaces(extra)).toEqual([added]);
  const sums = join(folder, 'SHA256SUMS');
  const line = (await readFile(sums, 'utf8')).split('\n').find((one) => one.endsWith(deb)) ?? '';
  await appendFile(sums, `${line.replace(deb, added)}\n`);
  expect(badPlaces(await verified(folder, '--key', key))).toContain('SHA256SUMS.asc');
});

test.skipIf(lacksGpg)('a key file of several blocks is taken whole', async () => {
  const { folder, key, maker } = await signedSample();
  const other = await makeSigningKey();
  for (const blocks of [maker.armoured + other.armoured, other.armoured + maker.armoured]) {
    await writeFile(key, blocks);
    expect((await verified(folder, '--key', key)).good).toBe(true);
  }
});

test('sums that are not written as sha256sum writes them are told of once', async () => {
  const { folder } = await copySample();
  const file = join(folder, 'SHA256SUMS');
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('  ', '  *'));
  const result = await verified(folder);
  expect(badPlaces(result)).toEqual(['SHA256SUMS']);
  expect(result.checks.filter(({ verdict }) => verdict === 'bad').map(({ message }) => message)).toEqual([
    `${file}:1: is not a line of sha256sum, "<sha256>  <file name>", without a path`,
  ]);
});

async function signedSample() {
  const { folder } = await copySample();
  const maker = await makeSigningKey();
  const key = join(folder, '..', 'maker.asc');
  await writeFile(key, maker.armoured);
  await writeFile(
    join(folder, 'SHA256SUMS.asc'),
    await maker.sign(await readFile(join(folder, 'SHA256SUMS'))),
  );
  return { folder, key, maker };
}
