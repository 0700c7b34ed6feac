import { describe, expect, test } from 'vitest';
import type { FetchSettings } from '../../../pipeline/core/context.ts';
import { bytes, expectCached, expectNothingCached, openUrl, useHint } from '../../builders/fetched.ts';
import { dribbles, inTurn, status } from '../../builders/misbehaving.ts';
import { type Answer, gives, startServer } from '../../builders/server.ts';
import { makeSetting, place } from '../../builders/source-setting.ts';

describe('a server that is slow', () => {
  const impatient = { attempts: 2, idleTimeout: 1000, leastBytes: 1000 }; // a busy machine may stop a process for 0.3 s
  const slow: readonly [string, Answer, Partial<FetchSettings>, RegExp, number][] = [
    ['never answers', () => {}, impatient, /: no data for 1 s$/, 2],
    ['dribbles', dribbles(1, 20), impatient, /: only \d+ bytes in 1 s, expected at least 1000$/, 2],
    [
      'takes for ever',
      dribbles(2000, 20),
      { leastBytes: 10, totalTimeout: 1500 },
      /: it took longer than 1\.5 s$/,
      1,
    ],
  ];
  test.each(slow)('and %s is given up', async (_, answer, fetch, message, attempts) => {
    const { url, asked } = await startServer({ '/x.zip': answer });
    const setting = await makeSetting({ fetch });
    const started = performance.now();
    const opening = openUrl(`${url}/x.zip`, setting, {}, Buffer.alloc(2 ** 20));
    await expect(opening).rejects.toMatchObject({
      kind: 'network',
      problems: [{ place, message: expect.stringMatching(message), hint: useHint }],
    });
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(asked).toHaveLength(attempts);
    await expectNothingCached(setting);
  });

  test('is waited for as long as enough comes', async () => {
    const { url } = await startServer({
      '/x.zip': (response) => {
        response.writeHead(200, { 'content-length': bytes.length });
        const step = Math.ceil(bytes.length / 10);
        for (let part = 0; part < 10; part += 1) {
          const piece = bytes.subarray(part * step, (part + 1) * step);
          setTimeout(() => (part === 9 ? response.end(piece) : response.write(piece)), part * 60);
        }
      },
    });
    const setting = await makeSetting({ fetch: { ...impatient, attempts: 1 } });
    await openUrl(`${url}/x.zip`, setting);
    const measured = setting.progress.findLast(({ bytesPerSecond }) => bytesPerSecond !== undefined);
    expect(measured?.bytesPerSecond).toBeGreaterThan(10_000);
    expect(measured?.secondsLeft).toBeGreaterThanOrEqual(0);
  });
});

describe('a server that is busy', () => {
  test.each([408, 425, 429, 500, 502, 503, 504])('with HTTP %i is asked again', async (code) => {
    const { url, asked } = await startServer({ '/x.zip': inTurn(status(code), status(code), gives(bytes)) });
    const setting = await makeSetting();
    await openUrl(`${url}/x.zip`, setting);
    expect(asked).toHaveLength(3);
    await expectCached(setting);
  });

  test.each([400, 401, 403, 404, 410, 501])('with HTTP %i is not asked again', async (code) => {
    const { url, asked } = await startServer({ '/x.zip': status(code) });
    await expect(openUrl(`${url}/x.zip`, await makeSetting())).rejects.toMatchObject({ kind: 'network' });
    expect(asked).toHaveLength(1);
  });

  test('is left alone for as long as it asks for', async () => {
    const { url } = await startServer({
      '/x.zip': inTurn(status(429, { 'retry-after': '1' }), gives(bytes)),
    });
    const setting = await makeSetting();
    const started = performance.now();
    await openUrl(`${url}/x.zip`, setting);
    expect(performance.now() - started).toBeGreaterThan(990);
    expect(setting.notes).toEqual([
      expect.stringMatching(/^drivers: HTTP 429 Too Many Requests .*; retrying in 1 s$/),
    ]);
  });

  test('and asks for less than nothing is left alone as usual', async () => {
    const { url } = await startServer({
      '/x.zip': inTurn(status(503, { 'retry-after': '-5' }), gives(bytes)),
    });
    const setting = await makeSetting({ fetch: { firstWait: 100 } });
    await openUrl(`${url}/x.zip`, setting);
    expect(setting.notes).toEqual([expect.stringMatching(/; retrying in 0\.1 s$/)]);
  });

  test('that asks for too long is given up', async () => {
    const { url, asked } = await startServer({ '/x.zip': status(503, { 'retry-after': '3600' }) });
    await expect(openUrl(`${url}/x.zip`, await makeSetting())).rejects.toThrow(
      'and requires a wait of 3600 s',
    );
    expect(asked).toHaveLength(1);
  });

  test('waits grow twice as long each time, up to a limit', async () => {
    const { url } = await startServer({ '/x.zip': status(503) });
    const setting = await makeSetting({ fetch: { firstWait: 100, longestWait: 300 } });
    await expect(openUrl(`${url}/x.zip`, setting)).rejects.toThrow('HTTP 503');
    expect(setting.notes.map((note) => /retrying in (.*)$/.exec(note)?.[1])).toEqual([
      '0.1 s',
      '0.2 s',
      '0.3 s',
      '0.3 s',
    ]);
  });
});
