import { sign } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { pkcs11Signer } from '../../pipeline/sign/pkcs11-signer.ts';
import { signatureRequest } from '../../pipeline/sign/signer.ts';
import { lacksTool } from '../builders/needs.ts';
import { problemsOf } from '../builders/problems.ts';
import { driverSigner } from '../builders/signing-keys.ts';
import { makeToken } from '../builders/token.ts';

const request = signatureRequest('a.cat', Buffer.from('attributes'));
const { signal } = new AbortController();

/** A request whose signature ends with the byte of a newline, as one in 256 does. */
function newlineRequest() {
  for (let number = 0; ; number++) {
    const found = signatureRequest('b.cat', Buffer.from(`attributes ${number}`));
    if (sign('sha256', found.signedAttributes, driverSigner.key).at(-1) === 0x0a) return found;
  }
}

describe.skipIf(lacksTool('openssl', 'softhsm2-util'))('a key in a token', () => {
  test('gives the signature that the same key gives from a file, and says what is wrong', async () => {
    const { uri, pin, env } = await makeToken(driverSigner);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const requests = [request, newlineRequest()];
    const signer = (given: string | undefined, key = uri) =>
      pkcs11Signer({
        uri: key,
        place: 'token',
        ...(given !== undefined && { pin: given }),
        pinHint: 'say the PIN',
      }).sign(requests, signal);
    const expected = requests.map(({ signedAttributes }) =>
      sign('sha256', signedAttributes, driverSigner.key).toString('hex'),
    );
    expect((await signer(pin)).map((one) => Buffer.from(one).toString('hex'))).toEqual(expected);
    expect(await problemsOf(signer('0000'))).toEqual([
      'token: the token refuses the PIN\n  hint: say the PIN',
    ]);
    expect(await problemsOf(signer(undefined))).toEqual([
      'token: the token asks for a PIN, and none was given\n  hint: say the PIN',
    ]);
    expect((await problemsOf(signer(pin, uri.replace('object=drivers', 'object=x'))))[0]).toMatch(
      /^token: the token has no such private key\n/,
    );
    expect((await problemsOf(signer(pin, uri.replace('libsofthsm2', 'nothing'))))[0]).toMatch(
      /^token: openssl cannot sign with it:\n/,
    );
    vi.unstubAllEnvs();
  });
});

test('a PIN in the address is refused: other users see it', async () => {
  const open = async (uri: string) => pkcs11Signer({ uri, place: 'token', pinHint: 'say the PIN' });
  for (const uri of ['pkcs11:token=t?pin-value=1', 'pkcs11:token=t;object=o?module-path=/a.so&pin-source=/b'])
    expect(await problemsOf(open(uri))).toEqual([
      'token: holds a PIN, which other users of this machine would see\n  hint: say the PIN',
    ]);
});

test('a URI that cannot be decoded is refused', async () => {
  const open = async () =>
    pkcs11Signer({ uri: 'pkcs11:token=t?module-path=/a%zz.so', place: 'token', pinHint: '' });
  expect(await problemsOf(open())).toEqual([
    'token: its module-path /a%zz.so has a % that is not followed by two hexadecimal digits\n  hint: write % as %25',
  ]);
});
