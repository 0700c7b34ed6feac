import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { archive } from '../../pipeline/sources/archive.ts';
import { http } from '../../pipeline/sources/http.ts';
import { sourceTools } from '../../pipeline/sources/open.ts';
import { bytes, digestOf, others } from '../builders/fetched.ts';
import { botCheck } from '../builders/misbehaving.ts';
import { lacksTool } from '../builders/needs.ts';
import { makeSigningKey, type SigningKey } from '../builders/openpgp.ts';
import { gives, startServer } from '../builders/server.ts';
import { makeSetting, place, type SourceSetting } from '../builders/source-setting.ts';

test('gpgv is declared where a source has a signature, and only there', () => {
  const names = (spec: object) => sourceTools({ type: 'http', ...spec }).map(({ name }) => name);
  expect(names({})).not.toContain('gpgv');
  expect(names({ signature: { key: 'k' } })).toContain('gpgv');
});

describe.skipIf(lacksTool('gpg', 'gpgv'))('the signature of a source on disk', () => {
  test.each(['armoured', 'binary'] as const)('is checked with a key that is %s', async (form) => {
    const key = await makeSigningKey();
    const { setting, open } = await prepareFile(key[form]);
    await writeFile(join(setting.base, 'x.zip.asc'), await key.sign(bytes));
    expect((await open()).files).toHaveLength(2);
  });

  test('by another key is refused, and the key of the user is not asked', async () => {
    const [key, other] = [await makeSigningKey(), await makeSigningKey()];
    const { setting, open } = await prepareFile(key.armoured);
    await writeFile(join(setting.base, 'x.zip.sig'), await other.sign(bytes));
    await expect(open()).rejects.toMatchObject({
      kind: 'input',
      problems: [
        {
          place: `${place}.signature`,
          message: expect.stringMatching(
            /^x\.zip: the signature is not a good one by key\.asc: .*No public key$/s,
          ),
          hint: expect.stringContaining('change the key only when you know'),
        },
      ],
    });
  });

  test('of other bytes is refused', async () => {
    const key = await makeSigningKey();
    const { setting, open } = await prepareFile(key.armoured);
    await writeFile(join(setting.base, 'x.zip.asc'), await key.sign(others));
    await expect(open()).rejects.toThrow(
      /the signature is not a good one by key\.asc: .*BAD signature from "Test/s,
    );
  });

  test('by a key that has expired is refused, although gpgv is content with it', async () => {
    const key = await makeSigningKey('20200102T000000', ['--faked-system-time', '20200101T000000!']);
    const { setting, open } = await prepareFile(key.armoured);
    await writeFile(join(setting.base, 'x.zip.asc'), await key.sign(bytes));
    await expect(open()).rejects.toThrow(/the signature is not a good one by key\.asc: .*EXPKEYSIG/s);
  });

  test.each([
    ['no signature', 'there is no signature', async () => {}],
    [
      'something else',
      'the signature is not a good one',
      (setting: SourceSetting) => writeFile(join(setting.base, 'x.zip.asc'), botCheck),
    ],
  ])('that is %s is refused', async (_, message, write) => {
    const key = await makeSigningKey();
    const { setting, open } = await prepareFile(key.armoured);
    await write(setting);
    await expect(open()).rejects.toMatchObject({ kind: 'input' });
    await expect(open()).rejects.toThrow(message);
  });

  test.each([
    ['a web page', botCheck],
    ['nothing', ''],
    ['half a key', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n'],
    ['an empty block', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n-----END PGP PUBLIC KEY BLOCK-----\n'],
  ])('with a key that is %s is refused', async (_, text) => {
    const { setting, open } = await prepareFile(text);
    await writeFile(join(setting.base, 'x.zip.asc'), 'x');
    await expect(open()).rejects.toThrow(
      'key.asc: is not an OpenPGP public key\n  hint: write it with gpg --armor --export KEY-ID',
    );
  });
});

describe.skipIf(lacksTool('gpg', 'gpgv'))('the signature of a source from the web', () => {
  test('is fetched once, from beside the file, and kept', async () => {
    const key = await makeSigningKey();
    const { url, asked } = await startServer({
      '/x.zip': gives(bytes),
      '/x.zip.asc': gives(await key.sign(bytes)),
    });
    const setting = await withKey(key);
    expect((await openWeb(`${url}/x.zip`, setting)).files).toHaveLength(2);
    expect(asked).toEqual(['/x.zip', '/x.zip.asc']);
    expect(await readdir(join(setting.context.cacheDir, 'signature'))).toEqual([digestOf(bytes)]);
    const again = await withKey(key, { cacheDir: setting.context.cacheDir, offline: true });
    expect((await openWeb(`${url}/x.zip`, again)).files).toHaveLength(2);
    expect(asked).toHaveLength(2);
  });

  test.each([
    ['a web page', () => botCheck, 'this is a web page, not a signature'],
    ['endless', () => 'x'.repeat(70_000), 'gives 70000 bytes, expected at most 65536'],
  ])('that is %s is refused and not kept', async (_, answer, message) => {
    const key = await makeSigningKey();
    const { url } = await startServer({ '/x.zip': gives(bytes), '/s': gives(answer()) });
    const setting = await withKey(key);
    const opening = openWeb(`${url}/x.zip`, setting, `${url}/s`);
    await expect(opening).rejects.toMatchObject({
      kind: 'input',
      problems: [{ place: `${place}.signature` }],
    });
    await expect(opening).rejects.toThrow(`${url}/s: ${message}`);
    expect(await readdir(join(setting.context.cacheDir, 'signature'))).toEqual([]);
  });

  test('by another key is refused and not kept', async () => {
    const [key, other] = [await makeSigningKey(), await makeSigningKey()];
    const { url } = await startServer({
      '/x.zip': gives(bytes),
      '/x.zip.asc': gives(await other.sign(bytes)),
    });
    const setting = await withKey(key);
    await expect(openWeb(`${url}/x.zip`, setting)).rejects.toThrow(
      'the signature is not a good one by key.asc',
    );
    expect(await readdir(join(setting.context.cacheDir, 'signature'))).toEqual([]);
  });

  test('may lie beside the file of --use; offline it must', async () => {
    const key = await makeSigningKey();
    const setting = await withKey(key, { offline: true });
    const override = join(setting.base, 'x.zip');
    await writeFile(override, bytes);
    const request = setting.request({ override });
    const spec = webSpec('https://drivers.invalid/x.zip');
    await expect(http.open(spec, request, setting.context)).rejects.toMatchObject({
      kind: 'network',
      problems: [
        {
          place: `${place}.signature`,
          message: expect.stringContaining('https://drivers.invalid/x.zip.asc: is not in the cache'),
          hint: expect.stringContaining('put it beside the file of --use ID=PATH, as PATH.asc'),
        },
      ],
    });
    await writeFile(`${override}.asc`, await key.sign(bytes));
    expect((await http.open(spec, request, setting.context)).files).toHaveLength(2);
  });
});

async function prepareFile(key: string | Uint8Array) {
  const setting = await makeSetting();
  await writeFile(join(setting.base, 'x.zip'), bytes);
  await writeFile(join(setting.base, 'key.asc'), key);
  const spec = { type: 'archive' as const, path: 'x.zip', signature: { key: 'key.asc' } };
  return { setting, open: () => archive.open(spec, setting.request(), setting.context) };
}

async function withKey(
  key: SigningKey,
  more: Parameters<typeof makeSetting>[0] = {},
): Promise<SourceSetting> {
  const setting = await makeSetting(more);
  await writeFile(join(setting.base, 'key.asc'), key.armoured);
  return setting;
}

function openWeb(url: string, setting: SourceSetting, signature?: string) {
  return http.open(webSpec(url, signature), setting.request(), setting.context);
}

function webSpec(url: string, signature?: string) {
  return {
    type: 'http' as const,
    url,
    sha256: digestOf(bytes),
    size: bytes.length,
    signature: { key: 'key.asc', ...(signature !== undefined && { url: signature }) },
  };
}
