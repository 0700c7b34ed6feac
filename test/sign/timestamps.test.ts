import { describe, expect, test } from 'vitest';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { readTimestampToken } from '../../pipeline/formats/signature/timestamp.ts';
import { writeTimestampRequest } from '../../pipeline/formats/signature/timestamp-request.ts';
import { requireRightTimestamp, timestampAuthorities } from '../../pipeline/sign/timestamps.ts';
import { post } from '../../pipeline/sources/fetch/post.ts';
import { lacksTool } from '../builders/needs.ts';
import { problemsOf } from '../builders/problems.ts';
import { gives, startServer } from '../builders/server.ts';
import { timestampAuthority } from '../builders/timestamp-authority.ts';

const { signal } = new AbortController();
const context = { signal, reporter: silentReporter };
const signature = Buffer.alloc(256, 7);

describe.skipIf(lacksTool('openssl'))('timestampAuthorities', () => {
  test('asks authorities in order until one gives a right token', async () => {
    const { url, asked } = await startServer({
      '/down': (response) => response.writeHead(503).end(),
      '/page': gives('<html><title>Maintenance</title></html>'),
      '/good': await timestampAuthority(),
    });
    const servers = ['/down', '/page', '/good', '/never'].map((path) => url + path);
    const token = await timestampAuthorities(servers, context)(signature);
    expect(asked).toEqual(['/down', '/page', '/good']);
    expect(readTimestampToken(token, signature)).toMatchObject({
      kind: 'rfc3161',
      certificate: { commonName: 'Clock' },
      authority: 'unknown',
    });
    expect(readTimestampToken(token, signature)).not.toHaveProperty('problem');
    expect(requireRightTimestamp(token, signature)).toBe(token);
    expect(() => requireRightTimestamp(token, Buffer.alloc(256, 8))).toThrow(
      'its timestamp is not right: it belongs to another signature',
    );
  });

  test('asks an authority that failed last from then on, and says so once', async () => {
    const { url, asked } = await startServer({
      '/down': (response) => response.writeHead(503).end(),
      '/good': await timestampAuthority(),
    });
    const notes: string[] = [];
    const reporter = { ...silentReporter, note: (text: string) => notes.push(text) };
    const ask = timestampAuthorities([`${url}/down`, `${url}/good`], { signal, reporter });
    for (const byte of [1, 2, 3]) await ask(Buffer.alloc(256, byte));
    expect(asked).toEqual(['/down', '/good', '/good', '/good']);
    expect(notes).toEqual([
      `${url}/down: HTTP 503 Service Unavailable from ${url}/down; it is asked last from now on`,
    ]);
  });

  test('says what each authority did wrong when none is right', async () => {
    const { url: other } = await startServer({ '/good': await timestampAuthority() });
    const query = writeTimestampRequest(Buffer.alloc(256, 1));
    const reply = await post(new URL(`${other}/good`), {}, query, { signal, mostBytes: 1e5 });
    const { url } = await startServer({
      '/down': (response) => response.writeHead(503).end(),
      '/replay': gives(reply),
    });
    const servers = [`${url}/down`, `${url}/replay`, 'http://127.0.0.1:9/'];
    expect(await problemsOf(timestampAuthorities(servers, context)(signature))).toEqual([
      `${url}/down: HTTP 503 Service Unavailable from ${url}/down`,
      `${url}/replay: its timestamp is not right: it belongs to another signature`,
      expect.stringMatching(
        /^http:\/\/127\.0\.0\.1:9\/: no response from 127\.0\.0\.1:9: .*\n {2}hint: try again, or name another authority/,
      ),
    ]);
  });
});
