import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fetchUnpinned } from '../../../pipeline/sources/fetch/download.ts';
import { http } from '../../../pipeline/sources/http.ts';
import {
  bytes,
  digestOf,
  expectCached,
  expectNothingCached,
  openUrl,
  others,
  useHint,
} from '../../builders/fetched.ts';
import { botCheck, cutOff, endless, inTurn, ranged, status } from '../../builders/misbehaving.ts';
import { type Answer, gives, redirects, startServer } from '../../builders/server.ts';
import { makeSetting, place } from '../../builders/source-setting.ts';

describe('a web page with status 200', () => {
  test('is called one, costs nothing that is there already, and is not tried again', async () => {
    const { url, asked, headers } = await startServer({
      '/x.iso': inTurn(cutOff(bytes, 100_000), gives(botCheck), ranged(bytes)),
    });
    const setting = await makeSetting();
    await expect(openUrl(`${url}/x.iso`, setting)).rejects.toMatchObject({
      kind: 'input',
      problems: [
        {
          place,
          message: `${url}/x.iso: this is a web page, not an ISO: "Making sure you're not a bot!"`,
          hint: expect.stringContaining('a bot check or a login'),
        },
      ],
    });
    expect(asked).toHaveLength(2);
    await expectNothingCached(setting);
    const again = await makeSetting({ cacheDir: setting.context.cacheDir });
    await openUrl(`${url}/x.iso`, again);
    expect(headers[2]).toMatchObject({ range: expect.stringMatching(/^bytes=[1-9]\d*-$/) });
  });

  test.each(['utf-16le', 'utf-16be'])('in %s is one too', async (encoding) => {
    const page = Buffer.from(`\uFEFF${botCheck}`, 'utf16le');
    const { url } = await startServer({ '/x.iso': gives(encoding === 'utf-16be' ? page.swap16() : page) });
    await expect(openUrl(`${url}/x.iso`, await makeSetting())).rejects.toThrow(
      'this is a web page, not an ISO: "Making sure you\'re not a bot!"',
    );
  });

  test('makes way for a mirror', async () => {
    const good = await startServer({ '/x.iso': gives(bytes) });
    const { url } = await startServer({ '/x.iso': gives(botCheck) });
    const setting = await makeSetting();
    await openUrl(`${url}/x.iso`, setting, { mirrors: [`${good.url}/x.iso`] });
    expect(setting.notes).toEqual([
      expect.stringMatching(/this is a web page, not an ISO.*; trying the next address$/),
    ]);
    await expectCached(setting);
  });

  test('with an error status shows its title', async () => {
    const { url } = await startServer({ '/x.iso': (response) => response.writeHead(403).end(botCheck) });
    await expect(openUrl(`${url}/x.iso`, await makeSetting())).rejects.toThrow(
      /HTTP 403 Forbidden from http:.*, with the web page "Making sure/,
    );
  });
});

describe('a length that is wrong', () => {
  test.each([
    ['too short', () => bytes.subarray(0, 40_000), 'has 40000 bytes, expected '],
    ['too long', () => Buffer.concat([bytes, bytes]), ' bytes, expected '],
  ])('%s in the header is bad content at once', async (_, body, message) => {
    const { url, asked } = await startServer({ '/x.zip': gives(body()) });
    const setting = await makeSetting();
    const opening = openUrl(`${url}/x.zip`, setting);
    await expect(opening).rejects.toMatchObject({ kind: 'input' });
    await expect(opening).rejects.toThrow(message);
    expect(asked).toHaveLength(1);
    await expectNothingCached(setting);
  });

  test('without a header is found at the end', async () => {
    const chunked: Answer = (response) => {
      response.write(bytes.subarray(0, 40_000));
      response.end();
    };
    const { url } = await startServer({ '/x.zip': chunked });
    const setting = await makeSetting();
    await expect(openUrl(`${url}/x.zip`, setting)).rejects.toMatchObject({
      kind: 'input',
      problems: [{ message: `${url}/x.zip: sent 40000 bytes, expected ${bytes.length}` }],
    });
    expect(await readdir(join(setting.context.cacheDir, 'partial'))).toEqual([]);
  });

  test('that is too large counts as a lost connection', async () => {
    const liar: Answer = (response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 10_000), () => setTimeout(() => response.socket?.end(), 20));
    };
    const { url } = await startServer({ '/x.zip': liar });
    const setting = await makeSetting({ fetch: { attempts: 1 } });
    await expect(openUrl(`${url}/x.zip`, setting)).rejects.toMatchObject({ kind: 'network' });
    await expectNothingCached(setting);
  });
});

test('data without end is cut off where the size is not known either', async () => {
  const { url } = await startServer({ '/x.iso': endless });
  const setting = await makeSetting({ fetch: { unknownSize: 2 ** 20 } });
  const wanted = { urls: [`${url}/x.iso`] as const, expected: 'an ISO', place, item: 'x', instead: 'wait' };
  await expect(fetchUnpinned(wanted, setting.context)).rejects.toMatchObject({
    kind: 'input',
    problems: [{ message: `${url}/x.iso: sent more than 1048576 bytes, expected at most 1048576` }],
  });
  expect(await readdir(join(setting.context.cacheDir, 'partial'))).toEqual([]);
});

test('an answer that is compressed unasked is refused', async () => {
  const { url } = await startServer({
    '/x.zip': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
  });
  await expect(openUrl(`${url}/x.zip`, await makeSetting())).rejects.toThrow(
    'has Content-Encoding "gzip", which was not requested',
  );
});

test('what a server says of itself moves no cursor', async () => {
  const { url } = await startServer({
    '/status': (response) =>
      response.socket?.end(Buffer.from('HTTP/1.1 404 Not\x9b31mFound\r\n\r\n', 'latin1')),
    '/location': (response) =>
      response.socket?.end(Buffer.from('HTTP/1.1 302 Found\r\nLocation: ftp:\x9b2J\r\n\r\n', 'latin1')),
  });
  await expect(openUrl(`${url}/status`, await makeSetting())).rejects.toThrow('HTTP 404 Not31mFound from');
  await expect(openUrl(`${url}/location`, await makeSetting())).rejects.toThrow(
    'redirects to "ftp:\\u{9b}2J"',
  );
});

test('a password in a redirect is not shown', async () => {
  const answers: Record<string, Answer> = {};
  const { url } = await startServer(answers);
  answers['/x'] = redirects(`${url.replace('//', '//me:secret@')}/gone`);
  answers['/y'] = redirects('ftp://me:secret@example.invalid/y');
  for (const [path, words] of [
    ['x', `HTTP 404 Not Found from ${url}/gone`],
    ['y', 'redirects to "ftp://example.invalid/y"'],
  ] as const) {
    const error = await openUrl(`${url}/${path}`, await makeSetting()).catch((reason: Error) => reason);
    expect(String(error)).toContain(words);
    expect(String(error)).not.toContain('secret');
  }
});

describe('mirrors', () => {
  test('are tried in order, and each failure is named in the end', async () => {
    const { url } = await startServer({ '/b.zip': status(410), '/c.zip': gives(others) });
    const setting = await makeSetting();
    const mirrors = [`${url}/b.zip`, `${url}/c.zip`];
    await expect(openUrl(`${url}/a.zip`, setting, { mirrors })).rejects.toMatchObject({
      kind: 'input',
      problems: [
        { message: expect.stringContaining(`${url}/a.zip: HTTP 404 Not Found`), hint: useHint },
        { message: expect.stringContaining(`${url}/b.zip: HTTP 410 Gone`), hint: useHint },
        { message: `${url}/c.zip: has sha256 ${digestOf(others)}, expected ${digestOf(bytes)}` },
      ],
    });
    await expectNothingCached(setting);
  });
});

describe('file: addresses', () => {
  test('are read from the disk, also offline', async () => {
    const setting = await makeSetting({ offline: true });
    const file = join(setting.base, 'a b.zip');
    await writeFile(file, bytes);
    expect((await openUrl(pathToFileURL(file).href, setting)).files).toHaveLength(2);
    await expectCached(setting);
    expect(http.pin({ type: 'http', url: 'file:///x', sha256: digestOf(bytes), size: 1 })).toEqual({
      sha256: digestOf(bytes),
      size: '1',
    });
  });

  test('that lead nowhere or to other bytes are bad content', async () => {
    const setting = await makeSetting();
    await expect(openUrl(pathToFileURL(join(setting.base, 'gone')).href, setting)).rejects.toMatchObject({
      kind: 'input',
      problems: [{ message: expect.stringContaining('ENOENT: no such file or directory') }],
    });
    await writeFile(join(setting.base, 'other'), others);
    await expect(openUrl(pathToFileURL(join(setting.base, 'other')).href, setting)).rejects.toThrow(
      'has sha256',
    );
    await expectNothingCached(setting);
  });
});
