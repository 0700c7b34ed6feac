import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseCatalog } from '../../pipeline/formats/catalog/catalog.ts';
import { signaturesSchema } from '../../pipeline/sign/signature-files.ts';
import { pvdisc } from '../builders/command.ts';
import { digestsBelow } from '../builders/digests.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { startServer } from '../builders/server.ts';
import { driverSigner, keyPem, passphrase, signingFiles } from '../builders/signing-keys.ts';
import { timestampAuthority } from '../builders/timestamp-authority.ts';
import { makeToken } from '../builders/token.ts';
import { driverFolder, writeTree } from '../builders/tree.ts';

const drivers = {
  ...driverFolder('Win10/amd64', { inf: { catalog: 'viostor.cat' } }),
  ...driverFolder('Win7/x86', { inf: { catalog: 'viostor.cat' } }),
};

async function catalogued(): Promise<string> {
  const folder = await temporaryFolder('pvdisc-build-');
  await writeTree(folder, drivers);
  expect(await pvdisc(['catalog', folder])).toMatchObject({ exitCode: 0 });
  return folder;
}

/** Signs a new build, and returns the digests of its files. */
async function signed(args: readonly string[], env: NodeJS.ProcessEnv = {}, note = /^$/) {
  const folder = await catalogued();
  const { certificates } = await signingFiles();
  const result = await pvdisc(['sign', folder, '--certificates', certificates, ...args], env);
  expect(result).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(note) });
  return { folder, result, digests: await digestsBelow(folder) };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('pvdisc sign', () => {
  test('says what it signed, and what it left', async () => {
    const { key, certificates } = await signingFiles();
    const { folder, result } = await signed(['--signer-key', key]);
    expect(result.stdout).toBe(
      'Win10/amd64/viostor.cat: signed\nWin10/amd64/viostor.sys: signed\nWin7/x86/viostor.cat: signed\nWin7/x86/viostor.sys: signed\n' +
        '\nDrivers signed by a certificate of your own load in test-signing mode, and without it on 32-bit Windows where Secure\n' +
        'Boot is off and the root is trusted; pvdisc inspect shows where each of them loads.\n',
    );
    const again = await pvdisc([
      'sign',
      folder,
      '--certificates',
      certificates,
      '--signer-key',
      key,
      '--json',
    ]);
    expect(JSON.parse(again.stdout).files[0]).toEqual({
      path: 'Win10/amd64/viostor.cat',
      state: 'unchanged',
    });
  });

  test('says of a driver without an INF that Windows installs none', async () => {
    const { key, certificates } = await signingFiles();
    const folder = await temporaryFolder('pvdisc-build-');
    await writeTree(folder, driverFolder('Win10/amd64', { without: ['viostor.inf'] }));
    const { stdout } = await pvdisc(['sign', folder, '--certificates', certificates, '--signer-key', key]);
    expect(stdout).toBe(
      'Win10/amd64/viostor.sys: signed\n\nThere is no INF, so no driver package: Windows installs the driver of a device only by an INF and its signed catalog.\n',
    );
  });

  test.skipIf(lacksTool('openssl', 'softhsm2-util'))(
    'gives the same bytes with a key in a file, in a token, behind a program and on another machine',
    async () => {
      const files = await signingFiles();
      const token = await makeToken(driverSigner);
      for (const [name, value] of Object.entries(token.env)) vi.stubEnv(name, value);
      const { digests } = await signed(['--signer-key', files.key]);
      const secret = { PVDISC_SIGNER_PASSPHRASE: passphrase };
      expect((await signed(['--signer-key', files.encryptedKey], secret)).digests).toEqual(digests);
      const pin = ['--signer-passphrase-file', await files.file('pin', `${token.pin}\n`)];
      expect((await signed(['--signer-key', token.uri, ...pin])).digests).toEqual(digests);
      const program = await signingProgram(files);
      expect((await signed(['--signer-command', program])).digests).toEqual(digests);
      const signatures = await signedElsewhere(files, program);
      expect((await signed(['--signatures', signatures])).digests).toEqual(digests);
    },
  );

  test.skipIf(lacksTool('openssl'))('records what gives the same bytes again, timestamps too', async () => {
    const { key, folder } = await signingFiles();
    const { url, asked } = await startServer({ '/tsa': await timestampAuthority() });
    const record = join(folder, 'signatures.json');
    const timed = ['--timestamp', `${url}/gone`, '--timestamp', `${url}/tsa`];
    const note = /^pvdisc: .*\/gone: HTTP 404 [^\n]*; it is asked last from now on\n$/;
    const first = await signed(['--signer-key', key, ...timed, '--record', record], {}, note);
    const before = asked.length;
    expect((await signed(['--signatures', record, ...timed])).digests).toEqual(first.digests);
    expect(asked.length).toBe(before);
    const catalog = parseCatalog(await readFile(join(first.folder, 'Win7/x86/viostor.cat')));
    expect(catalog.signature.signers[0]?.timestamp).toMatchObject({ certificate: { commonName: 'Clock' } });
    expect(signaturesSchema.parse(JSON.parse(await readFile(record, 'utf8'))).signatures).toHaveLength(4);
  });

  test('opens its record before it signs, and adds to what is there', async () => {
    const { key, certificates, folder: elsewhere, file } = await signingFiles();
    const folder = await catalogued();
    const before = await digestsBelow(folder);
    const run = (record: string, ...more: string[]) => {
      const options = ['--certificates', certificates, '--signer-key', key, '--record', record, ...more];
      return pvdisc(['sign', folder, ...options]);
    };
    const gone = join(elsewhere, 'gone', 'record.json');
    expect(await run(gone)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(gone) });
    const notes = await file('notes.txt', 'mine');
    expect((await run(notes)).stderr).toMatch(/^--record .*notes\.txt: is not JSON/);
    expect(await readFile(notes, 'utf8')).toBe('mine');
    const record = join(elsewhere, 'record.json');
    expect(await run(record, '--timestamp', 'http://127.0.0.1:9/')).toMatchObject({ exitCode: 4 });
    expect(await readdir(elsewhere)).not.toContain('record.json');
    expect(await digestsBelow(folder)).toEqual(before);
    expect(await run(record)).toMatchObject({ exitCode: 0 });
    const made = await readFile(record, 'utf8');
    expect(JSON.parse(made).signatures).toHaveLength(4);
    expect(await run(record)).toMatchObject({ exitCode: 0 });
    expect(await readFile(record, 'utf8')).toBe(made);
    expect((await run(elsewhere)).stderr).toMatch(/^--record .*: is a folder\n {2}hint: name a file/);
    await mkdir(`${record}.pvdisc-new`);
    expect((await run(record)).stderr).toContain(`${record}: illegal operation on a directory`);
    expect(await readFile(record, 'utf8'), 'kept where the new one cannot be written').toBe(made);
  });

  test('refuses what it cannot sign with, and changes nothing', async () => {
    const folder = await catalogued();
    const before = await digestsBelow(folder);
    const { certificates, key, otherKey, encryptedKey } = await signingFiles();
    const refused = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await pvdisc([
        'sign',
        folder,
        '--certificates',
        certificates,
        ...args,
      ]);
      expect(stdout).toBe('');
      return `${exitCode} ${stderr.split('\n')[0]}`;
    };
    expect(await refused()).toBe('2 pvdisc sign: no key is named');
    expect(await refused('--signer-key', key, '--signer-command', 'x')).toBe(
      '2 pvdisc sign: more than one key is named',
    );
    expect(await refused('--signer-key', `${key}.gone`)).toBe(`2 --signer-key ${key}.gone: no such file`);
    expect(await refused('--signer-command', `${key}.gone`)).toBe(
      `2 --signer-command ${key}.gone: no such file`,
    );
    expect(await refused('--signer-key', 'pkcs11:token=t;pin-value=1234?module-path=/a.so')).toBe(
      '1 --signer-key pkcs11:token=t: holds a PIN, which other users of this machine would see',
    );
    expect(await refused('--signer-key', encryptedKey)).toBe(
      `1 --signer-key ${encryptedKey}: has a passphrase, and none was given`,
    );
    expect(await refused('--signer-key', otherKey)).toBe(
      `1 --signer-key ${otherKey}: its signature of Win10/amd64/viostor.cat and of 3 more is not by the key of "Drivers"`,
    );
    expect(await refused('--signer-key', key, '--timestamp', 'http://127.0.0.1:9/')).toMatch(
      /^4 http:\/\/127\.0\.0\.1:9\/: no response from /,
    );
    expect(await refused('--signer-key', key, '--timestamp', 'tsa.example.org')).toBe(
      '2 --timestamp tsa.example.org: is not an http or https address',
    );
    expect(await digestsBelow(folder)).toEqual(before);
  });
});

test.skipIf(lacksTool('openssl', 'softhsm2-util'))(
  'no key, passphrase or PIN is in arguments or environment of a program, in what is printed, recorded or left behind',
  async () => {
    const files = await signingFiles();
    const token = await makeToken(driverSigner);
    const [bin, temporary] = [await temporaryFolder('pvdisc-bin-'), await temporaryFolder('pvdisc-tmp-')];
    const seen = join(bin, 'seen');
    const spy = `#!/bin/sh\n{ tr '\\0' '\\n' < /proc/$$/cmdline; env; } >> ${seen}\n`;
    const { stdout: openssl } = await execa('which', ['openssl']);
    await writeFile(join(bin, 'openssl'), `${spy}exec ${openssl} "$@"\n`, { mode: 0o755 });
    const program = await signingProgram(files);
    await writeFile(join(bin, 'signer'), `${spy}exec ${program}\n`, { mode: 0o755 });
    for (const [name, value] of Object.entries(token.env)) vi.stubEnv(name, value);
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
    vi.stubEnv('TMPDIR', temporary);
    const printed: string[] = [];
    const run = async (secret: string, ...args: string[]) => {
      vi.stubEnv('PVDISC_SIGNER_PASSPHRASE', secret);
      const record = join(files.folder, `record-${printed.length}.json`);
      const { result } = await signed([...args, '--record', record], process.env);
      printed.push(result.stdout + result.stderr + (await readFile(record, 'utf8')));
    };
    await run(passphrase, '--signer-key', files.encryptedKey);
    await run(passphrase, '--signer-command', join(bin, 'signer'));
    await run(token.pin, '--signer-key', token.uri);
    const secrets = [passphrase, token.pin, ...keyPem(driverSigner.key).split('\n').slice(1, -2)];
    const observed = await readFile(seen, 'utf8');
    expect(observed.match(/^pkeyutl$/gm)?.length).toBeGreaterThanOrEqual(8);
    expect(observed).toContain('SOFTHSM2_CONF=');
    for (const secret of secrets)
      for (const text of [observed, ...printed]) expect(text).not.toContain(secret);
    const left = (await readdir(temporary)).filter((name) => !/^pvdisc-(?:build|keys)-/.test(name));
    expect(left, 'besides the folders of this test').toEqual([]);
  },
);

test('no command leaves the passphrase in the environment of the programs that it starts', async () => {
  for (const command of ['catalog', 'sign-requests', 'sign', 'no-command']) {
    const env = { PVDISC_SIGNER_PASSPHRASE: passphrase, LANG: 'C' };
    expect((await pvdisc([command, 'none'], env)).exitCode).not.toBe(0);
    expect(env, command).toEqual({ LANG: 'C' });
  }
});

type Files = Awaited<ReturnType<typeof signingFiles>>;

/** As docs/signing.md shows it. */
async function signingProgram(files: Files): Promise<string> {
  const program = await files.file(
    'sign.sh',
    `#!/bin/sh
set -e
while read -r digest; do
  printf '%s' "$digest" | tr a-f A-F | basenc --base16 -d | openssl pkeyutl -sign -inkey ${files.key} -pkeyopt digest:sha256 | base64 -w 0
  echo
done
`,
  );
  await chmod(program, 0o755);
  return program;
}

/** Asks for signatures and has a program make them, which sees digests alone. */
async function signedElsewhere({ certificates, folder, file }: Files, program: string): Promise<string> {
  const output = join(folder, 'requests.json');
  const asked = ['sign-requests', await catalogued(), '--certificates', certificates, '--output', output];
  expect((await pvdisc(asked)).stdout).toBe(`${output}: 4 digests to sign\n`);
  const { requests } = JSON.parse(await readFile(output, 'utf8'));
  const digests: string[] = requests.map(({ digest }: { digest: string }) => digest);
  const { stdout } = await execa(program, { input: digests.map((digest) => `${digest}\n`).join('') });
  const lines = stdout.split('\n');
  const signatures = digests.map((digest, index) => ({ digest, signature: lines[index] }));
  return file('signatures.json', JSON.stringify({ schemaVersion: 1, signatures }));
}

test('pvdisc sign-requests prints JSON of its schema', async () => {
  const { certificates } = await signingFiles();
  const { exitCode, stdout } = await pvdisc([
    'sign-requests',
    await catalogued(),
    '--certificates',
    certificates,
  ]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, algorithm: 'RSASSA-PKCS1-v1_5 with SHA-256' });
});
