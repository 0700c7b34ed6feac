import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { statementSchema } from '../../pipeline/attest/provenance.ts';
import { type ReleaseRecord, recordSchema } from '../../pipeline/model/record.ts';
import { planSchema } from '../../pipeline/reproduce/plan-schema.ts';
import { signaturesSchema } from '../../pipeline/sign/signature-files.ts';
import { keyKinds, makeAttestKey } from '../builders/attest-key.ts';
import { builtSample, readRelease } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';
import { digestsBelow } from '../builders/digests.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { startServer } from '../builders/server.ts';
import { writeSignedRelease } from '../builders/signed-release.ts';
import { driverSigner, keyPem, passphrase, signingFiles } from '../builders/signing-keys.ts';
import { timestampAuthority } from '../builders/timestamp-authority.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

async function built(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const out = await temporaryFolder('pvdisc-out-');
  const result = await pvdisc(['build', ...args, '--out', out], env);
  expect(result).toMatchObject({ exitCode: 0 });
  return { ...(await readRelease(out)), out, result };
}

describe.skipIf(lacksTool('xorriso', 'zstd', 'openssl'))('pvdisc build of a release with "sign"', () => {
  test('signs, and without the key makes the same bytes elsewhere; verify knows who signed', async () => {
    const { url, asked } = await startServer({ '/tsa': await timestampAuthority() });
    const { file, folder } = await writeSignedRelease({
      timestamps: [`${url}/gone`, `${url}/tsa`],
      enrol: true,
    });
    const { key, folder: keys } = await signingFiles();
    const attest = await makeAttestKey(keys, 'attest', keyKinds.Ed25519);
    const first = await built([file, '--signer-key', key, '--attest-key', attest.secret]);
    const requests = asked.length;
    expect(requests).toBe(5); // the one that fails is asked once

    const elsewhere = await temporaryFolder('pvdisc-elsewhere-');
    for (const name of await readdir(folder))
      if (!['work', 'out', 'cache'].includes(name))
        await cp(join(folder, name), join(elsewhere, name), { recursive: true });
    const signatures = join(first.folder, 'signatures.json');
    const second = await built([join(elsewhere, 'release.yaml'), '--signatures', signatures]);
    const { 'test-disc-1.2.3.sigstore.json': _, ...unattested } = await digestsBelow(first.folder);
    expect(await digestsBelow(second.folder)).toEqual(unattested);
    expect(asked.length).toBe(requests);

    const verified = await pvdisc(['verify', first.folder, '--attest-key', attest.public]);
    expect(verified).toMatchObject({ exitCode: 0, stderr: '' });
    expect(verified.stdout).toMatch(/good +signatures\.json: holds the 4 signatures of the record/);
    expect(verified.stdout).toMatch(
      /good +test-disc-1\.2\.3\.iso: 6 files signed by "Drivers", as the record says/,
    );
    await expectRecorded(first.folder, first.record);
  });

  test('finds a key, passphrase or PIN in nothing that the build starts, prints or writes', async () => {
    const { file } = await writeSignedRelease();
    const files = await signingFiles();
    const [bin, temporary] = [await temporaryFolder('pvdisc-bin-'), await temporaryFolder('pvdisc-tmp-')];
    const out = join(temporary, 'out');
    await mkdir(out);
    const secrets = [passphrase, ...keyPem(driverSigner.key).split('\n').slice(1, -2)];
    await writeFile(join(bin, 'secrets'), `${secrets.join('\n')}\n`);
    const seen = join(bin, 'seen');
    const looks = `{ tr '\\0' '\\n' < /proc/$$/cmdline; env; grep -rlFf ${bin}/secrets ${temporary} | sed 's/^/FOUND /'; } >> ${seen}`;
    for (const name of ['xorriso', 'zstd', 'openssl']) {
      const { stdout: real } = await execa('which', [name]);
      await writeFile(join(bin, name), `#!/bin/sh\n${looks}\nexec ${real} "$@"\n`, { mode: 0o755 });
    }
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
    vi.stubEnv('TMPDIR', temporary);
    vi.stubEnv('PVDISC_CACHE', join(temporary, 'cache'));
    vi.stubEnv('PVDISC_SIGNER_PASSPHRASE', passphrase);
    const args = ['build', file, '--signer-key', files.encryptedKey, '--out', out];
    const { exitCode, stdout, stderr } = await pvdisc(args, process.env);
    expect(exitCode, stderr).toBe(0);
    const observed = await readFile(seen, 'utf8');
    expect(observed).toContain('xorriso');
    expect(observed).not.toContain('FOUND ');
    for (const secret of secrets)
      for (const text of [observed, stdout, stderr]) expect(text).not.toContain(secret);
    const { stdout: found } = await execa('grep', ['-rlFf', join(bin, 'secrets'), temporary], {
      reject: false,
    });
    expect(found).toBe('');
  });

  test('refuses to build without a key, with two, and with that of another certificate', async () => {
    const { file } = await writeSignedRelease();
    const refused = async (...args: string[]) => {
      const { exitCode, stderr } = await pvdisc(['build', file, ...args]);
      return `${exitCode} ${stderr.split('\n')[0]}`;
    };
    const { key, otherKey } = await signingFiles();
    expect(await refused()).toMatch(
      /^1 .*release\.yaml:\d+: sign: asks for signed drivers, and no key is named$/,
    );
    expect(await refused('--signer-key', key, '--signer-command', 'x')).toBe(
      '2 pvdisc build: more than one key is named',
    );
    expect(await refused('--signer-key', `${key}.gone`)).toBe(`2 --signer-key ${key}.gone: no such file`);
    const out = await temporaryFolder('pvdisc-out-');
    const wrong = await pvdisc(['build', file, '--signer-key', otherKey, '--out', out]);
    expect(wrong).toMatchObject({ exitCode: 1, stdout: '' });
    expect(wrong.stderr).toMatch(
      /its signature of viostor\/\S+ and of 3 more is not by the key of "Drivers"/,
    );
    expect(await readdir(out)).toEqual([]);
  });

  test('takes from a store only what the same key signed, under the key of the plan', async () => {
    const { file } = await writeSignedRelease();
    const { key, otherKey } = await signingFiles();
    const store = ['--store', await temporaryFolder('pvdisc-store-')];
    await built([file, '--signer-key', key, ...store]);
    const { stdout } = await pvdisc(['plan', file, '--signer-key', key]);
    const [job] = planSchema.parse(JSON.parse(stdout)).jobs;
    expect(job?.command).toEqual(expect.arrayContaining(['--signer-key', key]));
    const again = await built([file, '--signer-key', key, ...store]);
    expect(again.result.stderr).toContain(`taken from the store, not built: ${job?.key}`);
    const out = await temporaryFolder('pvdisc-out-');
    const other = await pvdisc(['build', file, '--signer-key', otherKey, ...store, '--out', out]);
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toContain('is not by the key of "Drivers"');
    expect((await pvdisc(['plan', file])).stderr).toContain('asks for signed drivers, and no key is named');
  });

  test('takes signatures that were made of its requests', async () => {
    const { file } = await writeSignedRelease();
    const files = await signingFiles();
    const output = join(files.folder, 'requests.json');
    expect(await pvdisc(['sign-requests', file, '--output', output])).toMatchObject({
      exitCode: 0,
      stdout: `${output}: 4 digests to sign\n`,
    });
    const signed = await built([file, '--signer-key', files.key]);
    const { signatures } = signaturesSchema.parse(
      JSON.parse(await readFile(join(signed.folder, 'signatures.json'), 'utf8')),
    );
    const { requests } = JSON.parse(await readFile(output, 'utf8'));
    expect(requests.map(({ digest }: { digest: string }) => digest).sort()).toEqual(
      signatures.map(({ digest }) => digest),
    );
    expect(requests.flatMap(({ files }: { files: string[] }) => files).sort()).toEqual(
      signed.record.signing?.files.map(({ path }) => path),
    );
    const useless = await pvdisc(['sign-requests', file, '--certificates', files.certificates]);
    expect(useless.exitCode).toBe(2);
    expect(useless.stderr).toMatch(/^--certificates: is for a folder; a release says so under "sign"/);
  });
});

/** What the record, the bill of materials and the provenance say of the signatures of `writeSignedRelease`. */
async function expectRecorded(folder: string, record: ReleaseRecord): Promise<void> {
  const { signing } = recordSchema.parse(record);
  const enrolment = record.iso.files.filter(({ path }) => path.startsWith('cert/'));
  expect(enrolment.map(({ path, license }) => `${path} ${license ?? 'no licence'}`)).toEqual([
    'cert/root.cer no licence',
    'cert/signer.cer no licence',
    'cert/test-mode.cmd BSD-3-Clause',
    'cert/trust.cmd BSD-3-Clause',
    'cert/untrust.cmd BSD-3-Clause',
  ]);
  const sha256 = signing?.certificate.sha256 ?? '';
  expect(signing?.certificate).toMatchObject({
    name: 'Drivers',
    chain: [expect.stringMatching(/^[0-9a-f]{64}$/)],
  });
  expect(signing?.files.map(({ path, state }) => `${path} ${state}`)).toHaveLength(6);
  for (const { path, to, from, state, authenticode } of signing?.files ?? []) {
    const onDisc = record.iso.files.find((one) => one.path === path);
    expect(onDisc?.sha256, path).toBe(to);
    expect([from === undefined, authenticode === undefined], path).toEqual([
      state === 'made',
      state === 'made',
    ]);
    expect(onDisc?.authenticode).toBe(authenticode);
  }
  const text = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));
  const { predicate } = statementSchema.parse(await text('test-disc-1.2.3.intoto.json'));
  expect(predicate.buildDefinition.externalParameters.signer).toEqual({
    name: 'Drivers',
    digest: { sha256 },
  });
  const names = predicate.buildDefinition.resolvedDependencies.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['release/drivers.pem', 'signatures.json']));
  const { components } = await text('test-disc-1.2.3.cdx.json');
  const sys = components[0].components.find(({ name }: { name: string }) => /^viostor\/.*\.sys$/.test(name));
  const before = signing?.files.find(({ path }) => path === sys.name)?.from;
  expect(sys.properties).toEqual(
    expect.arrayContaining([
      { name: 'pvdisc:signed:by', value: 'Drivers' },
      { name: 'pvdisc:signed:certificate:sha256', value: sha256 },
      { name: 'pvdisc:signed:from:sha256', value: before },
    ]),
  );
}

test.skipIf(lacksTool('xorriso', 'zstd', 'openssl'))(
  'the embedded sample is built unsigned, and signed by a throw-away key with catalogs for all its INFs',
  async () => {
    const { folder, key, certificates } = await signingFiles();
    const text = await readFile('drivers-manifest/releases/sample.yaml', 'utf8');
    const yaml = `${text
      .replace('type: sample', 'type: sample\n    catalogs: true')
      .replace(/^accept:[\s\S]*?(?=^package:)/m, '')
      .replace('also: [symbols, drivers]', 'also: [symbols]')}sign:\n  certificates: ${certificates}\n`;
    await writeFile(join(folder, 'signed.yaml'), yaml);
    const { record, result } = await built([join(folder, 'signed.yaml'), '--signer-key', key, '--quiet']);
    expect(result.stderr).toBe('');
    expect([
      ...new Set(record.drivers.map(({ signature, verdict }) => `${signature} by ${verdict.signer}`)),
    ]).toEqual(['self-signed by Drivers']);
    expect([...new Set(record.drivers.map(({ loads }) => loads))].sort()).toEqual([
      'always',
      'test-signing',
      'without-secure-boot',
    ]);
    const catalogs = record.iso.files.filter(({ path }) => path.endsWith('.cat'));
    const made = record.signing?.files.filter(({ state }) => state === 'made') ?? [];
    expect(made.length).toBe(record.drivers.length);
    expect(catalogs.every(({ license, origin }) => license === 'BSD-3-Clause' && origin === undefined)).toBe(
      true,
    );
    const { record: unsigned } = await builtSample();
    expect([...new Set(unsigned.drivers.map(({ signature }) => signature))]).toEqual(['unsigned']);
    expect(unsigned).not.toHaveProperty('signing');
  },
);
