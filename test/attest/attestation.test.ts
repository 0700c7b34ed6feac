import { createHash, createPublicKey } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFromJSON, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { keyKinds, makeAttestKey } from '../builders/attest-key.ts';
import { builtSample } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';

const sample = join(import.meta.dirname, '../../drivers-manifest/releases/sample.yaml');
const bundleFile = 'pvdisc-sample-0.1.0.sigstore.json';

describe.skipIf(lacksTool('openssl'))('a build with --attest-key', () => {
  test.each(Object.entries(keyKinds))('signs the provenance with a key of %s', async (_kind, kind) => {
    const folder = await temporaryFolder('pvdisc-attest-');
    const key = await makeAttestKey(folder, 'key', kind);
    expect(await build(folder, key.secret)).toMatchObject({ exitCode: 0, stderr: '' });

    const { folder: unsigned } = await builtSample();
    const names = await readdir(release(folder));
    expect(names.filter((name) => name !== bundleFile)).toEqual(await readdir(unsigned));
    for (const name of ['SHA256SUMS', 'release.json', 'pvdisc-sample-0.1.0.intoto.json'])
      expect([name, await read(release(folder), name)]).toEqual([name, await read(unsigned, name)]);

    const written = JSON.parse((await read(release(folder), bundleFile)).toString());
    const statement = await read(unsigned, 'pvdisc-sample-0.1.0.intoto.json');
    const publicKey = createPublicKey(await readFile(key.public));
    const der = publicKey.export({ type: 'spki', format: 'der' });
    const hint = createHash('sha256').update(der).digest('base64');
    expect(written).toEqual({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint }, timestampVerificationData: {} },
      dsseEnvelope: {
        payload: statement.toString('base64'),
        payloadType: 'application/vnd.in-toto+json',
        signatures: [{ keyid: hint, sig: expect.stringMatching(/^[\w+/]+=*$/) }],
      },
    });
    verifyBySigstore(written, publicKey);
    await verifyByOpenssl(folder, key.public, statement, written.dsseEnvelope.signatures[0].sig);
  });

  test('takes the passphrase of an encrypted key from a variable', async () => {
    const folder = await temporaryFolder('pvdisc-attest-');
    const { secret } = await makeAttestKey(folder, 'key', keyKinds['ECDSA P-256'], 'open sesame');
    expect(await build(folder, secret)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `--attest-key ${secret}: has a passphrase, but none is given\n  hint: set PVDISC_ATTEST_PASSPHRASE\n`,
    });
    const wrong = await build(folder, secret, { PVDISC_ATTEST_PASSPHRASE: 'x' });
    expect(wrong).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('cannot be decrypted\n') });
    expect(await readdir(folder)).not.toContain('out');
    const good = await build(folder, secret, { PVDISC_ATTEST_PASSPHRASE: 'open sesame' });
    expect(good).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await readdir(release(folder))).toContain(bundleFile);
  });

  test('refuses before it begins what is no key for it', async () => {
    const folder = await temporaryFolder('pvdisc-attest-');
    const { public: publicKey } = await makeAttestKey(folder, 'key');
    const { secret: rsa } = await makeAttestKey(folder, 'rsa', ['-algorithm', 'RSA']);
    const p384 = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'];
    const { secret: curve } = await makeAttestKey(folder, 'p384', p384);
    const [garbage, cosign] = [join(folder, 'garbage'), join(folder, 'cosign.key')];
    await writeFile(garbage, 'no key\n');
    await writeFile(cosign, '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n');
    const refusals: [string, number, string][] = [
      [join(folder, 'gone'), 2, 'no such file'],
      [folder, 1, 'is a folder, not a file'],
      [garbage, 1, 'is not a private key in PEM'],
      [publicKey, 1, 'is a public key, expected a private key'],
      [cosign, 1, 'is encrypted in a format that only cosign reads'],
      [rsa, 1, 'is a key of type rsa, expected ECDSA on P-256 or Ed25519'],
      [curve, 1, 'is a key of type ec secp384r1, expected ECDSA on P-256 or Ed25519'],
    ];
    for (const [file, code, fact] of refusals) {
      const { exitCode, stderr } = await build(folder, file);
      expect([exitCode, stderr]).toEqual([code, expect.stringContaining(`--attest-key ${file}: ${fact}`)]);
      expect(stderr).toContain('\n  hint: ');
    }
    expect(await readdir(folder)).not.toContain('out');
  });
});

function build(folder: string, key: string, env: NodeJS.ProcessEnv = {}) {
  return pvdisc(['build', sample, '--out', join(folder, 'out'), '--quiet', '--attest-key', key], env);
}

function release(folder: string): string {
  return join(folder, 'out/pvdisc-sample-0.1.0');
}

function read(folder: string, name: string): Promise<Buffer> {
  return readFile(join(folder, name));
}

function verifyBySigstore(written: unknown, publicKey: ReturnType<typeof createPublicKey>): void {
  const bundle = bundleFromJSON(written);
  expect(isBundleWithDsseEnvelope(bundle)).toBe(true);
  const none = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
  const trust = { ...none, publicKey: () => ({ publicKey, validFor: () => true }) };
  new Verifier(trust, { tlogThreshold: 0, timestampThreshold: 0 }).verify(toSignedEntity(bundle));
}

/** Writes what was signed by the text of the DSSE specification (protocol.md, "PAE"), and asks openssl alone. */
async function verifyByOpenssl(folder: string, key: string, payload: Buffer, sig: string): Promise<void> {
  const [pae, signature] = [join(folder, 'pae'), join(folder, 'sig')];
  const head = `DSSEv1 28 application/vnd.in-toto+json ${payload.length} `;
  await writeFile(pae, Buffer.concat([Buffer.from(head), payload]));
  await writeFile(signature, Buffer.from(sig, 'base64'));
  const isEcdsa = (await readFile(key)).length > 150;
  const command = isEcdsa
    ? ['dgst', '-sha256', '-verify', key, '-signature', signature, pae]
    : ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-in', pae, '-sigfile', signature];
  const { stdout } = await execa('openssl', command);
  expect(stdout).toMatch(/Verified OK|Signature Verified Successfully/);
}
