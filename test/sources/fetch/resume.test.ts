import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FetchSettings } from '../../../pipeline/core/context.ts';
import { fetchUnpinned } from '../../../pipeline/sources/fetch/download.ts';
import {
  bytes,
  digestOf,
  expectCached,
  expectNothingCached,
  openUrl,
  others,
  useHint,
} from '../../builders/fetched.ts';
import { cutOff, inTurn, ranged, rangedBy, status } from '../../builders/misbehaving.ts';
import { type Answer, gives, redirects, startServer } from '../../builders/server.ts';
import { makeSetting, place } from '../../builders/source-setting.ts';
import { buildZip } from '../../builders/zip.ts';

/** A range that does not begin at the first byte: how much arrives before a connection breaks is up to the machine. */
const later = expect.stringMatching(/^bytes=[1-9]\d*-$/);

const once: Partial<FetchSettings> = { attempts: 1 };

describe('a download that is cut off', () => {
  test('is continued where it stopped, if the file is still the same', async () => {
    const etag = '"one"';
    const { url, headers } = await startServer({
      '/x.zip': inTurn(cutOff(bytes, 200_000, { etag }), ranged(bytes, { etag })),
    });
    const setting = await makeSetting();
    expect((await openUrl(`${url}/x.zip`, setting)).files).toHaveLength(2);
    expect(headers.map(({ range }) => range)).toEqual([undefined, later]);
    expect(headers[1]).toMatchObject({ 'if-range': etag, 'accept-encoding': 'identity' });
    expect(setting.notes).toEqual(['drivers: the connection was lost: it ended too early; retrying in 0 s']);
    await expectCached(setting);
  });

  test('is continued by the next run, and by what the server has meanwhile', async () => {
    const lastModified = 'Tue, 01 Sep 2026 10:00:00 GMT';
    const { url, headers } = await startServer({
      '/x.zip': inTurn(cutOff(bytes, 150_000, { lastModified }), ranged(bytes, { lastModified })),
    });
    const first = await makeSetting({ fetch: once });
    await expect(openUrl(`${url}/x.zip`, first)).rejects.toMatchObject({ kind: 'network' });
    const partial = join(first.context.cacheDir, 'partial', digestOf(bytes));
    const held = await readFile(partial);
    expect(held.length).toBeGreaterThan(0);
    expect(held.equals(bytes.subarray(0, held.length))).toBe(true);
    expect(JSON.parse(await readFile(`${partial}.json`, 'utf8'))).toEqual({
      url: `${url}/x.zip`,
      from: url,
      validator: lastModified,
    });
    const second = await makeSetting({ cacheDir: first.context.cacheDir });
    await openUrl(`${url}/x.zip`, second);
    expect(headers[1]).toMatchObject({ range: `bytes=${held.length}-`, 'if-range': lastModified });
    await expectCached(second);
    expect(await readdir(dirname(partial))).toEqual([]);
  });

  test('is continued from a mirror, whose validators say nothing of it', async () => {
    const good = await startServer({ '/y.zip': ranged(bytes) });
    const { url } = await startServer({
      '/x.zip': inTurn(cutOff(bytes, 100_000, { etag: '"a"' }), status(404)),
    });
    const setting = await makeSetting();
    await openUrl(`${url}/x.zip`, setting, { mirrors: [`${good.url}/y.zip`] });
    expect(good.headers[0]).toMatchObject({ range: later });
    expect(good.headers[0]).not.toHaveProperty('if-range');
    await expectCached(setting);
  });

  test('starts anew where the server ignores ranges', async () => {
    const { url, headers } = await startServer({ '/x.zip': inTurn(cutOff(bytes, 9000), gives(bytes)) });
    const setting = await makeSetting();
    await openUrl(`${url}/x.zip`, setting);
    expect(headers[1]).toMatchObject({ range: later });
    await expectCached(setting);
  });

  const wrongRanges: readonly [string, Answer][] = [
    [
      'another range',
      (response) => response.writeHead(206, { 'content-range': 'bytes 0-9/10' }).end('0123456789'),
    ],
    [
      'a range of another file',
      (response) => response.writeHead(206, { 'content-range': 'bytes 9000-9001/9002' }).end('xx'),
    ],
    [
      'a range that ends before it begins',
      (response) => response.writeHead(206, { 'content-range': `bytes 9000-8999/${bytes.length}` }).end(),
    ],
    [
      'a range that ends after the file',
      (response) =>
        response.writeHead(206, { 'content-range': `bytes 9000-${bytes.length}/${bytes.length}` }).end('x'),
    ],
    ['no range', (response) => response.writeHead(206).end('x')],
    ['416', status(416)],
  ];
  test.each(wrongRanges)('starts anew where the server answers with %s', async (_, answer) => {
    const { url, headers } = await startServer({
      '/x.zip': inTurn(cutOff(bytes, 9000), answer, ranged(bytes)),
    });
    const setting = await makeSetting();
    await openUrl(`${url}/x.zip`, setting);
    expect(headers.map(({ range }) => range)).toEqual([undefined, later, undefined]);
    expect(setting.notes[1]).toMatch(
      /^drivers: responded to a request for the bytes from \d+ on with HTTP (?:206|416), /,
    );
    await expectCached(setting);
  });

  test('is continued by ranges that are shorter than asked', async () => {
    const { url, headers } = await startServer({
      '/x.zip': inTurn(cutOff(bytes, 9000), rangedBy(bytes, 70_000)),
    });
    const setting = await makeSetting({ fetch: { attempts: 2 } });
    await openUrl(`${url}/x.zip`, setting);
    expect(headers.length).toBeGreaterThan(4);
    expect(setting.notes).toEqual([expect.stringContaining('the connection was lost')]);
    await expectCached(setting);
  });

  test('is given up where ranges are so short that it would never end, and what came is kept', async () => {
    const { url, headers } = await startServer({
      '/x.zip': inTurn(cutOff(bytes, 9000), rangedBy(bytes, 10)),
    });
    const setting = await makeSetting();
    await expect(openUrl(`${url}/x.zip`, setting)).rejects.toMatchObject({
      kind: 'network',
      problems: [{ message: expect.stringMatching(/: sent only 10 of the \d+ requested bytes$/) }],
    });
    expect(headers).toHaveLength(5);
    const partial = join(setting.context.cacheDir, 'partial', digestOf(bytes));
    const held = await readFile(partial);
    expect(held.length).toBeGreaterThan(40);
    expect(held.equals(bytes.subarray(0, held.length))).toBe(true);
  });

  test('again and again ends when no attempt brings a mebibyte', async () => {
    const { url, asked } = await startServer({ '/x.zip': cutOff(bytes, 10) });
    const setting = await makeSetting();
    await expect(openUrl(`${url}/x.zip`, setting)).rejects.toMatchObject({
      kind: 'network',
      problems: [
        { place, message: `${url}/x.zip: the connection was lost: it ended too early`, hint: useHint },
      ],
    });
    expect(asked).toHaveLength(5);
    await expectNothingCached(setting);
  });

  test('goes on for as long as attempts bring a mebibyte', async () => {
    const large = await buildZip({ 'a.sys': randomBytes(7 * 2 ** 20) });
    const step = 2 ** 20 + 65536;
    const { url, asked } = await startServer({
      '/x.zip': (response, request) => {
        const from = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
        const range = `bytes ${from}-${large.length - 1}/${large.length}`;
        const length = { 'content-length': large.length - from };
        response.writeHead(
          from === 0 ? 200 : 206,
          from === 0 ? length : { ...length, 'content-range': range },
        );
        const piece = large.subarray(from, from + step);
        if (from + step >= large.length) response.end(piece);
        else response.write(piece, () => setTimeout(() => response.destroy(), 30));
      },
    });
    const setting = await makeSetting({ fetch: { attempts: 2 } });
    await openUrl(`${url}/x.zip`, setting, {}, large);
    expect(asked.length).toBeGreaterThan(5);
  });

  test('and ends without a mark is continued too', async () => {
    const { url, headers } = await startServer({
      '/x.zip': inTurn((response) => {
        response.socket?.end(
          Buffer.concat([Buffer.from('HTTP/1.0 200 OK\r\n\r\n'), bytes.subarray(0, 5000)]),
        );
      }, ranged(bytes)),
    });
    const setting = await makeSetting();
    await openUrl(`${url}/x.zip`, setting);
    expect(setting.notes[0]).toContain(`the connection ended after 5000 of ${bytes.length} bytes`);
    expect(headers[1]).toMatchObject({ range: later });
  });
});

describe('a file that changes between attempts', () => {
  test('is fetched anew, and is right then', async () => {
    const { url, headers } = await startServer({
      '/x.zip': inTurn(cutOff(others, 50_000, { etag: '"old"' }), ranged(bytes, { etag: '"new"' })),
    });
    const setting = await makeSetting();
    await openUrl(`${url}/x.zip`, setting);
    expect(headers[1]).toMatchObject({ 'if-range': '"old"' });
    await expectCached(setting);
  });

  test('and is continued all the same is told by its digest and fetched anew', async () => {
    const { url, headers } = await startServer({
      '/x.zip': inTurn(cutOff(others, 50_000), ranged(bytes), ranged(bytes)),
    });
    const setting = await makeSetting();
    await openUrl(`${url}/x.zip`, setting);
    expect(headers.map(({ range }) => range)).toEqual([undefined, later, undefined]);
    expect(setting.notes[1]).toMatch(/^drivers: has sha256 [0-9a-f]{64}, expected [0-9a-f]{64}; retrying/);
    await expectCached(setting);
  });

  test('into another file is bad content', async () => {
    const { url } = await startServer({
      '/x.zip': inTurn(cutOff(bytes, 50_000, { etag: '"a"' }), ranged(others, { etag: '"b"' })),
    });
    const setting = await makeSetting();
    const opening = openUrl(`${url}/x.zip`, setting);
    await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
    await expect(opening).rejects.toThrow(`has sha256 ${digestOf(others)}, expected ${digestOf(bytes)}`);
    await expectNothingCached(setting);
    expect(await readdir(join(setting.context.cacheDir, 'partial'))).toEqual([]);
  });

  test('has a weak ETag: that does not vouch for bytes', async () => {
    const { url, headers } = await startServer({
      '/x.zip': inTurn(cutOff(bytes, 50_000, { etag: 'W/"a"' }), ranged(bytes)),
    });
    await openUrl(`${url}/x.zip`, await makeSetting());
    expect(headers[1]).toHaveProperty('range');
    expect(headers[1]).not.toHaveProperty('if-range');
  });
});

test('a file of unknown digest is continued only with a validator of the same server', async () => {
  const { url, headers } = await startServer({
    '/a': inTurn(cutOff(bytes, 50_000, { etag: '"a"' }), ranged(bytes, { etag: '"a"' })),
    '/b': inTurn(cutOff(bytes, 50_000), ranged(bytes)),
  });
  const setting = await makeSetting();
  for (const path of ['/a', '/b']) {
    const wanted = {
      urls: [`${url}${path}`] as const,
      expected: 'an ISO',
      place,
      item: 'x',
      instead: 'wait',
    };
    const { sha256, size, file } = await fetchUnpinned(wanted, setting.context);
    expect({ sha256, size }).toEqual({ sha256: digestOf(bytes), size: bytes.length });
    expect(file).toBe(join(setting.context.cacheDir, 'sha256', sha256));
  }
  expect(headers.map(({ range }) => range)).toEqual([undefined, later, undefined, undefined]);
});

test('a file of unknown digest is not put together from two servers', async () => {
  const one = await startServer({ '/x': cutOff(bytes, 50_000, { etag: '"a"' }) });
  const two = await startServer({ '/x': ranged(bytes, { etag: '"a"' }) });
  const { url } = await startServer({
    '/x': inTurn(redirects(`${one.url}/x`), redirects(`${two.url}/x`)),
  });
  const setting = await makeSetting();
  const wanted = { urls: [`${url}/x`] as const, expected: 'an ISO', place, item: 'x', instead: 'wait' };
  const { sha256, from } = await fetchUnpinned(wanted, setting.context);
  expect({ sha256, from }).toEqual({ sha256: digestOf(bytes), from: two.url });
  expect(two.headers.map(({ range }) => range)).toEqual([later, undefined]);
});

test('a file of unknown digest that is refused is not kept', async () => {
  const { url } = await startServer({ '/x': gives(bytes) });
  const setting = await makeSetting();
  const wanted = { urls: [`${url}/x`] as const, expected: 'an ISO', place, item: 'x', instead: 'wait' };
  const refuse = async () => {
    throw new Error('refused');
  };
  await expect(fetchUnpinned(wanted, setting.context, refuse)).rejects.toThrow('refused');
  expect(await readdir(join(setting.context.cacheDir, 'partial'))).toEqual([]);
  expect(await readdir(setting.context.cacheDir)).not.toContain('sha256');
});
