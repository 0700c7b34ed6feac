import { readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { readArmour } from '../../pipeline/formats/openpgp/openpgp.ts';
import { archive } from '../../pipeline/sources/archive/archive.ts';
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
          message: expect.stringMatching(/^x\.zip: has no good signature by key\.asc: .*No public key$/s),
          hint: expect.stringContaining('change the key only when its owner'),
        },
      ],
    });
  });

  test('of other bytes is refused', async () => {
    const key = await makeSigningKey();
    const { setting, open } = await prepareFile(key.armoured);
    await writeFile(join(setting.base, 'x.zip.asc'), await key.sign(others));
    await expect(open()).rejects.toThrow(/has no good signature by key\.asc: .*BAD signature from "Test/s);
  });

  test('by a key that has expired is refused, although gpgv is content with it', async () => {
    const key = await makeSigningKey('20200102T000000', ['--faked-system-time', '20200101T000000!']);
    const { setting, open } = await prepareFile(key.armoured);
    await writeFile(join(setting.base, 'x.zip.asc'), await key.sign(bytes));
    await expect(open()).rejects.toThrow(/has no good signature by key\.asc: .*EXPKEYSIG/s);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['with SHA-1', ['--digest-algo', 'SHA1'], /its digest is SHA-1, for which others can forge/],
    ['with RIPEMD-160', ['--digest-algo', 'RIPEMD160'], /its digest is RIPEMD-160/],
    [
      'in the future',
      ['--faked-system-time', '20991231T235900!'],
      /it is dated 2099-12-31T23:59:00\.000Z, which is in the future$/m,
    ],
  ])('made %s is refused, although gpgv is content with it', async (_, options, message) => {
    const key = await makeSigningKey();
    const { setting, open } = await prepareFile(key.armoured);
    await writeFile(join(setting.base, 'x.zip.asc'), await key.sign(bytes, options));
    await expect(open()).rejects.toThrow(message);
  });

  test('by a key that binds itself with SHA-1, as old ones do, is good', async () => {
    const key = await makeSigningKey('never', ['--cert-digest-algo', 'SHA1']);
    const { setting, open } = await prepareFile(key.armoured);
    await writeFile(join(setting.base, 'x.zip.asc'), await key.sign(bytes));
    expect((await open()).files).toHaveLength(2);
  });

  test.each<[string, (signature: string) => string, RegExp]>([
    ['text after it', (text) => `${text}\ngarbage\n`, /it contains other text before or after the armored/],
    ['text before it', (text) => `garbage\n${text}`, /it contains other text before or after the armored/],
    ['another signature after it', (text) => text + text, /contains more than one armored block/],
    ['a wrong checksum', (text) => text.replace(/^=.{4}$/m, '=AAAA'), /its ASCII armor is damaged/],
    ['a line that is no base64', (text) => text.replace(/^=.{4}$/m, '!'), /its ASCII armor is damaged/],
    ['no end', (text) => text.slice(0, -10), /its ASCII armor is damaged/],
    ['the name of a message', (text) => text.replaceAll('SIGNATURE', 'MESSAGE'), /not an OpenPGP signature/],
  ])('that has %s is refused', async (_, change, message) => {
    const key = await makeSigningKey();
    const { setting, open } = await prepareFile(key.armoured);
    await writeFile(join(setting.base, 'x.zip.asc'), change(await key.sign(bytes)));
    await expect(open()).rejects.toThrow(message);
  });

  test('may be binary, and then holds nothing but signatures', async () => {
    const key = await makeSigningKey();
    const { setting, open } = await prepareFile(key.armoured);
    const file = join(setting.base, 'x.zip.sig');
    const armoured = readArmour(await key.sign(bytes))?.blocks[0]?.bytes ?? Buffer.alloc(0);
    await writeFile(file, Buffer.concat([armoured, Buffer.from('cb00', 'hex')]));
    await expect(open()).rejects.toThrow(
      `its packet at byte ${armoured.length} has type 11, not a signature`,
    );
    await writeFile(file, Buffer.concat([armoured, Buffer.from('\n')]));
    await expect(open()).rejects.toThrow(`it has no complete OpenPGP packet at byte ${armoured.length}`);
    await writeFile(file, armoured.subarray(0, -1));
    await expect(open()).rejects.toThrow('it has no complete OpenPGP packet at byte 0');
    await writeFile(file, armoured);
    expect((await open()).files).toHaveLength(2);
  });

  test('beside those of others is good, unless one of them is damaged', async () => {
    const [key, other] = [await makeSigningKey(), await makeSigningKey()];
    const openWith = async (...packets: readonly Buffer[]) => {
      const { setting, open } = await prepareFile(key.armoured);
      await writeFile(join(setting.base, 'x.zip.sig'), Buffer.concat(packets));
      return open();
    };
    const packet = async (by: typeof key, text: Uint8Array | string) =>
      readArmour(await by.sign(text))?.blocks[0]?.bytes ?? Buffer.alloc(0);
    const [own, foreign] = [await packet(key, bytes), await packet(other, bytes)];
    expect((await openWith(own, foreign)).files).toHaveLength(2);
    expect((await openWith(foreign, own)).files).toHaveLength(2);
    const refused = 'has no good signature by key.asc: gpgv: ';
    await expect(openWith(foreign)).rejects.toThrow(refused);
    await expect(openWith(foreign, await packet(key, 'other bytes'))).rejects.toThrow(refused);
  });

  test('that is not a regular file, or whose key is none, is refused without waiting for it', async () => {
    const key = await makeSigningKey();
    const { setting, open } = await prepareFile(key.armoured);
    await execa('mkfifo', [join(setting.base, 'x.zip.asc')]);
    await expect(open()).rejects.toThrow('its file is not a regular file');
    await rm(join(setting.base, 'x.zip.asc'));
    await symlink('/dev/zero', join(setting.base, 'x.zip.asc'));
    await expect(open()).rejects.toThrow('its file is not a regular file');
    await rm(join(setting.base, 'key.asc'));
    await execa('mkfifo', [join(setting.base, 'key.asc')]);
    await expect(open()).rejects.toThrow('key.asc: is not a regular file');
    await rm(join(setting.base, 'key.asc'));
    await expect(open()).rejects.toThrow(
      'key.asc: no such file\n  hint: paths start from the folder of the release file',
    );
  });

  test('may be by any key of a file with several blocks, which holds public keys only', async () => {
    const [key, other] = [await makeSigningKey(), await makeSigningKey()];
    const { setting, open } = await prepareFile(`Our keys:\n${other.armoured}\n${key.armoured}`);
    await writeFile(join(setting.base, 'x.zip.asc'), await key.sign(bytes));
    expect((await open()).files).toHaveLength(2);
    await writeFile(join(setting.base, 'key.asc'), key.armoured + (await key.sign(bytes)));
    await expect(open()).rejects.toThrow('key.asc: is not an OpenPGP public key');
  });

  test.each([
    ['no signature', 'there is no signature', async () => {}],
    [
      'something else',
      'has no good signature',
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
    ['endless', () => 'x'.repeat(70_000), 'has 70000 bytes, expected at most 65536'],
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
    await expect(openWeb(`${url}/x.zip`, setting)).rejects.toThrow('has no good signature by key.asc');
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
          hint: expect.stringContaining('put it beside the file of --use drivers=PATH, as PATH.asc'),
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
