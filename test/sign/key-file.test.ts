import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readCertificate } from '../../pipeline/formats/signature/certificate.ts';
import { openKeyFile } from '../../pipeline/sign/key-file.ts';
import { signatureRequest } from '../../pipeline/sign/signer.ts';
import { problemsOf } from '../builders/problems.ts';
import { driverSigner, keyPem, passphrase, pemOf, signingFiles } from '../builders/signing-keys.ts';

const { publicKey } = readCertificate(driverSigner.der).x509;
const request = signatureRequest('a.cat', Buffer.from('attributes'));
const { signal } = new AbortController();
const open = (file: string, given?: string) =>
  openKeyFile({
    file,
    place: 'key',
    passphraseHint: 'say it',
    ...(given !== undefined && { passphrase: given }),
  });

describe('openKeyFile', () => {
  test.each([
    ['key', undefined],
    ['encryptedKey', passphrase],
  ] as const)('signs with %s, and gives the same signature twice', async (name, given) => {
    const files = await signingFiles();
    const signer = await open(files[name], given);
    const [one = new Uint8Array(), two] = await signer.sign([request, request], signal);
    expect(verify('sha256', request.signedAttributes, publicKey, one)).toBe(true);
    expect(two).toEqual(one);
  });

  test('refuses a key that is none, and a passphrase that is missing or wrong', async () => {
    const files = await signingFiles();
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    expect(await problemsOf(open(files.encryptedKey))).toEqual([
      'key: has a passphrase, and none was given\n  hint: say it',
    ]);
    expect(await problemsOf(open(files.encryptedKey, 'wrong'))).toEqual([
      'key: cannot be decrypted: its passphrase is another\n  hint: say it',
    ]);
    expect((await problemsOf(open(await files.file('a.pem', pemOf(driverSigner)))))[0]).toMatch(
      /^key: is no private key in PEM\n/,
    );
    expect((await problemsOf(open(await files.file('ec.pem', keyPem(curve)))))[0]).toMatch(
      /^key: is a key of the kind ec, expected RSA\n/,
    );
    expect((await problemsOf(open(`${files.key}.gone`)))[0]).toMatch(/^key: no such file\n/);
  });
});
