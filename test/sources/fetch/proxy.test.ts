import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { bytes, expectCached, openUrl } from '../../builders/fetched.ts';
import { status } from '../../builders/misbehaving.ts';
import { gives, startServer } from '../../builders/server.ts';
import { makeSetting } from '../../builders/source-setting.ts';

const names = [
  'http_proxy',
  'HTTP_PROXY',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
];
beforeEach(() => {
  for (const name of names) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a proxy of the environment', () => {
  test('is asked for plain http as a proxy is, with the password of its address', async () => {
    const { url } = await startServer({ '/x.zip': gives(bytes) });
    const proxy = await startProxy();
    vi.stubEnv('HTTP_PROXY', proxy.url.replace('//', '//user:secret@'));
    const setting = await makeSetting();
    await openUrl(`${url}/x.zip`, setting);
    expect(proxy.asked).toEqual([`GET ${url}/x.zip Basic ${Buffer.from('user:secret').toString('base64')}`]);
    await expectCached(setting);
  });

  test('makes a tunnel for https', async () => {
    const proxy = await startProxy();
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    const setting = await makeSetting();
    const refusal = `the proxy ${new URL(proxy.url).host} refuses a tunnel to drivers.invalid:443`;
    await expect(openUrl('https://drivers.invalid/x.zip', setting)).rejects.toMatchObject({
      kind: 'network',
      problems: [
        {
          message: `https://drivers.invalid/x.zip: ${refusal}: HTTP 403 Forbidden`,
          hint: 'check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, or give the file from disk with --use drivers=PATH',
        },
      ],
    });
    expect(setting.notes).toEqual([]);
    expect(proxy.asked).toEqual(['CONNECT drivers.invalid:443 undefined']);
  });

  test.each([
    ['the host', '127.0.0.1'],
    ['a list with it', 'example.org, 127.0.0.1'],
    ['all', '*'],
  ])('is not asked where NO_PROXY names %s', async (_, value) => {
    const { url } = await startServer({ '/x.zip': gives(bytes) });
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:9');
    vi.stubEnv('NO_PROXY', value);
    const setting = await makeSetting();
    await openUrl(`${url}/x.zip`, setting);
    await expectCached(setting);
  });

  test('is asked where NO_PROXY names another host; one that does not run is named', async () => {
    const { url, asked } = await startServer({ '/x.zip': gives(bytes) });
    vi.stubEnv('HTTP_PROXY', 'http://user:secret@127.0.0.1:9');
    vi.stubEnv('NO_PROXY', 'example.org');
    const setting = await makeSetting({ fetch: { attempts: 1 } });
    await expect(openUrl(`${url}/x.zip`, setting)).rejects.toThrow(
      /: no response from the proxy 127\.0\.0\.1:9 to a request for 127\.0\.0\.1:\d+: connect ECONNREFUSED 127\.0\.0\.1:9\n {2}hint: check HTTP_PROXY, /,
    );
    expect(asked).toEqual([]);
  });

  test('that asks for a password is not asked again', async () => {
    const { url } = await startServer({ 'http://drivers.invalid/x.zip': status(407) });
    vi.stubEnv('HTTP_PROXY', url);
    const setting = await makeSetting();
    const opening = openUrl('http://drivers.invalid/x.zip', setting);
    await expect(opening).rejects.toThrow(
      `the proxy ${new URL(url).host} refuses a request to drivers.invalid`,
    );
    await expect(opening).rejects.toThrow('HTTP 407 Proxy Authentication Required');
    await expect(opening).rejects.toThrow(': the proxy asks for a user and password, or give');
    expect(setting.notes).toEqual([]);
  });

  test('of ALL_PROXY that speaks another protocol is a mistake of usage, unless another one is nearer', async () => {
    const { url } = await startServer({ '/x.zip': gives(bytes) });
    const proxy = await startProxy();
    vi.stubEnv('ALL_PROXY', 'socks5://user:secret@127.0.0.1:9');
    await expect(openUrl(`${url}/x.zip`, await makeSetting())).rejects.toMatchObject({
      kind: 'usage',
      problems: [{ place: 'ALL_PROXY', message: 'is not the address of a proxy' }],
    });
    vi.stubEnv('HTTP_PROXY', proxy.url);
    await openUrl(`${url}/x.zip`, await makeSetting());
    expect(proxy.asked).toHaveLength(1);
  });

  test.each(['proxy:3128', 'ftp://proxy', 'http://', 'socks5://127.0.0.1:9', 'http://%@127.0.0.1:9'])(
    'that is %j is a mistake of usage',
    async (value) => {
      vi.stubEnv('https_proxy', `${value}`);
      await expect(openUrl('http://127.0.0.1:9/x.zip', await makeSetting())).rejects.toMatchObject({
        kind: 'usage',
        problems: [{ place: 'https_proxy', message: 'is not the address of a proxy' }],
      });
    },
  );
});

/** A proxy that passes on plain requests and refuses tunnels; it notes method, target and authorization. */
async function startProxy() {
  const asked: string[] = [];
  const note = ({ method, url, headers }: IncomingMessage) =>
    asked.push(`${method} ${url} ${headers['proxy-authorization']}`);
  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    note(incoming);
    request(incoming.url ?? '', { headers: { host: incoming.headers.host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }).end();
  });
  server.on('connect', (incoming, socket) => {
    note(incoming);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
