import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { pvdisc } from '../builders/command.ts';
import { type GpgKey, makeGpgKey } from '../builders/gpg-key.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';

const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');

test.skipIf(lacksTool('gpg', 'gpgconf'))(
  'a build with --sign is signed by that key, and the sums leave the signature out',
  async () => {
    const { key, folder } = await setUp();
    const result = await build(folder, ['--sign', key.id], { GNUPGHOME: key.home });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    await requireSigned(folder, key);
    expect(await readFile(join(folder, 'out/pvdisc-sample-0.1.0/SHA256SUMS'), 'utf8')).not.toContain('.asc');
  },
);

test.skipIf(lacksTool('gpg', 'gpgconf'))(
  'a key file signs with the passphrase of a variable or a file, and nothing of it stays',
  async () => {
    const { key, folder } = await setUp('open sesame');
    const file = join(folder, 'key.asc');
    const before = await keyringsLeft();
    const phrase = ['--pinentry-mode', 'loopback', '--passphrase', 'open sesame'];
    await execa('gpg', [
      '--homedir',
      key.home,
      '--batch',
      ...phrase,
      '--armor',
      '--output',
      file,
      '--export-secret-keys',
    ]);
    const good = await build(folder, ['--sign-key-file', file], { PVDISC_SIGN_PASSPHRASE: 'open sesame' });
    expect(good).toMatchObject({ exitCode: 0, stderr: '' });
    await requireSigned(folder, key);

    await writeFile(join(folder, 'phrase'), 'open sesame\n');
    const byFile = ['--sign-key-file', file, '--sign-passphrase-file', join(folder, 'phrase')];
    expect(await build(folder, byFile)).toMatchObject({ exitCode: 0 });
    await requireSigned(folder, key);

    const wrong = await build(join(folder, 'wrong'), ['--sign-key-file', file], {
      PVDISC_SIGN_PASSPHRASE: 'x',
    });
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain(`--sign-key-file ${file}: gpg cannot`);
    expect(wrong.stderr).toContain('Bad passphrase');
    expect(await readdir(folder)).not.toContain('wrong');
    expect(await keyringsLeft()).toEqual(before);
  },
);

test.skipIf(lacksTool('gpg', 'gpgconf'))('a key that is none stops the build before it begins', async () => {
  const { key, folder } = await setUp();
  const unknown = await build(folder, ['--sign', 'nobody@example.invalid'], { GNUPGHOME: key.home });
  expect(unknown.exitCode).toBe(1);
  expect(unknown.stderr).toContain('--sign nobody@example.invalid: gpg has no such secret key');
  await writeFile(join(folder, 'no-key'), 'no key\n');
  const noKey = await build(folder, ['--sign-key-file', join(folder, 'no-key')]);
  expect(noKey.exitCode).toBe(1);
  expect(noKey.stderr).toContain('no-key: gpg cannot import it');
  expect((await build(folder, ['--sign-key-file', join(folder, 'gone')])).exitCode).toBe(2);
  expect((await build(folder, ['--sign', key.id, '--sign-key-file', join(folder, 'no-key')])).exitCode).toBe(
    2,
  );
  expect(await readdir(folder)).toEqual(['no-key']);
});

async function setUp(passphrase = ''): Promise<{ key: GpgKey; folder: string }> {
  const key = await makeGpgKey('throwaway@example.invalid', passphrase);
  onTestFinished(key.remove);
  return { key, folder: await temporaryFolder('pvdisc-sign-') };
}

function build(folder: string, options: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return pvdisc(['build', sample, '--out', join(folder, 'out'), '--quiet', ...options], env);
}

async function requireSigned(folder: string, key: GpgKey): Promise<void> {
  const sums = join(folder, 'out/pvdisc-sample-0.1.0/SHA256SUMS');
  await execa('gpg', ['--homedir', key.home, '--batch', '--verify', `${sums}.asc`, sums]);
}

async function keyringsLeft(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('pvdisc-key-'));
}
