import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { http } from '../../pipeline/sources/http.ts';
import { buildIso } from '../builders/iso.ts';
import { lacksTool } from '../builders/needs.ts';
import { type Answer, gives, redirects, startServer } from '../builders/server.ts';
import { makeSetting, place, type SourceSetting } from '../builders/source-setting.ts';
import { buildTar } from '../builders/tar.ts';
import { buildZip } from '../builders/zip.ts';

const tree = { 'a/x.inf': 'inf', 'a/x.sys': Buffer.alloc(200_000, 'sys'), 'b.txt': 'b' };

test('a file is fetched once, with progress, and kept by its digest', async () => {
  const bytes = await buildTar(tree);
  const { url, asked } = await startServer({ '/x': gives(bytes) });
  const setting = await makeSetting();
  const { files } = await openUrl(`${url}/x`, bytes, setting, { folder: 'a' });
  expect(files.map(({ path }) => path)).toEqual(['x.inf', 'x.sys']);
  expect(await cacheNames(setting)).toEqual([sha256Of(bytes)]);
  expect(setting.progress).toContainEqual(
    expect.objectContaining({ bytes: bytes.length, totalBytes: bytes.length, item: 'drivers' }),
  );
  const again = await makeSetting({ cacheDir: setting.context.cacheDir });
  await openUrl(`${url}/x`, bytes, again);
  expect(asked).toEqual(['/x']);
  expect(again.notes).toEqual([]);
});

test('a damaged copy in the cache is fetched again, with a note', async () => {
  const bytes = await buildZip(tree);
  const { url, asked } = await startServer({ '/x': gives(bytes) });
  const setting = await makeSetting();
  await openUrl(`${url}/x`, bytes, setting);
  const copy = join(setting.context.cacheDir, 'sha256', sha256Of(bytes));
  await writeFile(copy, 'damaged');
  const again = await makeSetting({ cacheDir: setting.context.cacheDir });
  expect((await openUrl(`${url}/x`, bytes, again)).files.length).toBe(3);
  expect(again.notes).toEqual(['drivers: the cached copy is damaged; fetching it again']);
  expect(asked.length).toBe(2);
  expect((await readFile(copy)).equals(bytes)).toBe(true);
});

test('two builds at once share one cache', async () => {
  const bytes = await buildZip(tree);
  const { url } = await startServer({ '/x': gives(bytes) });
  const setting = await makeSetting();
  const other = await makeSetting({ cacheDir: setting.context.cacheDir });
  const trees = await Promise.all([setting, other].map((one) => openUrl(`${url}/x`, bytes, one)));
  for (const { files } of trees) expect(files.length).toBe(3);
  expect(await cacheNames(setting)).toEqual([sha256Of(bytes)]);
});

test('what a killed build left is removed after a day', async () => {
  const bytes = await buildZip(tree);
  const { url } = await startServer({ '/x': gives(bytes) });
  const setting = await makeSetting();
  const folder = join(setting.context.cacheDir, 'sha256');
  await mkdir(folder, { recursive: true });
  const [old, young, foreign] = [`${sha256Of(bytes)}.1.part`, `${sha256Of(bytes)}.2.part`, 'other.1.part'];
  for (const name of [old, young, foreign]) await writeFile(join(folder, name), 'x');
  const dayBefore = Date.now() / 1000 - 25 * 3600;
  for (const name of [old, foreign]) await utimes(join(folder, name), dayBefore, dayBefore);
  await openUrl(`${url}/x`, bytes, setting);
  expect(await cacheNames(setting)).toEqual([sha256Of(bytes), young, foreign].sort());
});

test.skipIf(lacksTool('xorriso'))('an ISO from the web is read as one', async () => {
  const bytes = await buildIso(tree);
  const { url } = await startServer({ '/x': gives(bytes) });
  const { files } = await openUrl(`${url}/x`, bytes, await makeSetting(), { folder: 'a' });
  expect(files.map(({ path }) => path)).toEqual(['x.inf', 'x.sys']);
});

test('redirects are followed', async () => {
  const bytes = await buildZip(tree);
  const { url, asked } = await startServer({
    '/a': redirects('b/c'),
    '/b/c': redirects('/x'),
    '/x': gives(bytes),
  });
  expect((await openUrl(`${url}/a`, bytes, await makeSetting())).files.length).toBe(3);
  expect(asked).toEqual(['/a', '/b/c', '/x']);
});

const failures: readonly [string, Answer, string][] = [
  [
    'is not found',
    (response) => response.writeHead(404).end('<html>'),
    'HTTP 404 Not Found from http://127.0.0.1:',
  ],
  ['breaks on the server', (response) => response.writeHead(503).end(), 'HTTP 503 Service Unavailable from '],
  ['is a part', (response) => response.writeHead(206).end('x'), 'HTTP 206 Partial Content from '],
  ['leads nowhere', (response) => response.writeHead(302).end(), 'HTTP 302 Found from '],
  [
    'leads to a file',
    redirects('file:///etc/passwd'),
    'redirects to "file:///etc/passwd", expected an http or https address',
  ],
  ['leads to nonsense', redirects('http://['), 'redirects to "http://[", expected an http or https address'],
  ['leads to itself', redirects('/x'), 'redirects more than 10 times, last to http://127.0.0.1:'],
  [
    'breaks off',
    (response) => {
      response.writeHead(200, { 'content-length': '1000000' });
      response.write('x'.repeat(1000), () => response.destroy());
    },
    'the connection was lost: it ended too early',
  ],
  ['is not answered', (response) => response.destroy(), 'no response from 127.0.0.1:'],
];
test.each(failures)('a file that %s is a failure of the network', async (_, answer, message) => {
  const { url } = await startServer({ '/x': answer });
  const setting = await makeSetting();
  const opening = openUrl(`${url}/x`, Buffer.alloc(1_000_000), setting);
  await expect(opening).rejects.toMatchObject({
    kind: 'network',
    problems: [{ place, hint: 'try again, or give the file from disk with --use drivers=PATH' }],
  });
  await expect(opening).rejects.toThrow(`${place}: ${url}/x: `);
  await expect(opening).rejects.toThrow(message);
  expect(await cacheNames(setting)).toEqual([]);
});

test('a server that does not run is a failure of the network', async () => {
  const opening = openUrl('http://127.0.0.1:9/x', Buffer.from('x'), await makeSetting());
  await expect(opening).rejects.toMatchObject({ kind: 'network' });
  await expect(opening).rejects.toThrow(/no response from 127\.0\.0\.1:9: (?:connect ECONNREFUSED|bad port)/);
});

test('a server that sends more than the size is cut off', async () => {
  let sent = 0;
  const endless: Answer = (response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65536))) sent += 65536;
    };
    response.on('drain', more);
    more();
  };
  const { url } = await startServer({ '/x': endless });
  const setting = await makeSetting();
  const opening = openUrl(`${url}/x`, Buffer.alloc(1000), setting);
  await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
  await expect(opening).rejects.toThrow(`${url}/x: sent more than 1000 bytes, expected 1000`);
  expect(sent).toBeLessThan(50 * 2 ** 20);
  expect(await cacheNames(setting)).toEqual([]);
});

test('a file of another size or digest is named with both', async () => {
  const bytes = Buffer.from('the right bytes');
  const { url } = await startServer({ '/short': gives('short'), '/other': gives('the wrong bytes') });
  const short = openUrl(`${url}/short`, bytes, await makeSetting());
  await expect(short).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
  await expect(short).rejects.toThrow(`${url}/short: has 5 bytes, expected 15`);
  const setting = await makeSetting();
  const other = openUrl(`${url}/other`, bytes, setting);
  await expect(other).rejects.toMatchObject({
    kind: 'input',
    problems: [
      {
        place,
        message: `${url}/other: has sha256 ${sha256Of(Buffer.from('the wrong bytes'))}, expected ${sha256Of(bytes)}`,
        hint: expect.stringContaining('change the digest in the manifest only when you know why'),
      },
    ],
  });
  expect(await cacheNames(setting)).toEqual([]);
});

test('a web page in place of the file is called so, with its title', async () => {
  const page = '<!doctype html><html><head><title>Please sign in</title></head></html>';
  const { url } = await startServer({ '/x': gives(page) });
  for (const size of [page.length, page.length + 1, page.length - 10]) {
    const opening = openUrl(`${url}/x`, Buffer.alloc(size), await makeSetting());
    await expect(opening).rejects.toMatchObject({ kind: 'input' });
    await expect(opening).rejects.toThrow(
      `${url}/x: this is a web page, not an archive or ISO: "Please sign in"\n  hint: the server sent a web page, such as a bot check`,
    );
  }
});

test('a file of no known format is refused after all', async () => {
  const { url } = await startServer({ '/x': gives('plain text') });
  const opening = openUrl(`${url}/x`, Buffer.from('plain text'), await makeSetting());
  await expect(opening).rejects.toThrow(`${url}/x: this is of no known format, not an archive or ISO`);
});

test('the file that --use gives must have the size and digest of the manifest', async () => {
  const bytes = await buildZip(tree);
  const setting = await makeSetting();
  const override = join(setting.base, 'x.zip');
  await writeFile(override, bytes);
  const open = (spec: { size: number; sha256: string }) =>
    http.open(
      { type: 'http', url: 'https://example.invalid/x', ...spec },
      setting.request({ override }),
      setting.context,
    );
  const sha256 = sha256Of(bytes);
  await expect(open({ size: 7, sha256 })).rejects.toThrow(
    `${override}: has ${bytes.length} bytes, expected 7`,
  );
  await expect(open({ size: bytes.length, sha256: 'b'.repeat(64) })).rejects.toThrow(
    `${override}: has sha256 ${sha256}, expected ${'b'.repeat(64)}`,
  );
  expect((await open({ size: bytes.length, sha256 })).files.length).toBe(3);
});

test('an abort in the middle of a stalled download is prompt', async () => {
  const controller = new AbortController();
  const stalled: Answer = (response) => {
    response.write('x', () => setTimeout(() => controller.abort(), 50));
  };
  const { url } = await startServer({ '/x': stalled });
  const setting = await makeSetting({ signal: controller.signal });
  const started = performance.now();
  const opening = openUrl(`${url}/x`, Buffer.alloc(1000), setting);
  await expect(opening).rejects.toMatchObject({ kind: 'interrupted', problems: [{ place }] });
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(await cacheNames(setting)).toEqual([]);
});

function openUrl(url: string, bytes: Buffer, setting: SourceSetting, more: { folder?: string } = {}) {
  const spec = { type: 'http' as const, url, sha256: sha256Of(bytes), size: bytes.length, ...more };
  return http.open(spec, setting.request(), setting.context);
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function cacheNames({ context }: SourceSetting): Promise<string[]> {
  return (await readdir(join(context.cacheDir, 'sha256'))).sort();
}
