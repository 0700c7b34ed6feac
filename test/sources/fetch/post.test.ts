import { EventEmitter, once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { post } from '../../../pipeline/sources/fetch/post.ts';
import { gives, redirects, startServer } from '../../builders/server.ts';

const { signal } = new AbortController();
const options = { signal, mostBytes: 100 };
const body = Buffer.from('query');

test('posts a body with its type and length, and returns the response', async () => {
  const { url, headers } = await startServer({
    '/ask': (response, request) => {
      buffer(request).then((got) => response.end(`${request.method} ${got}`));
    },
  });
  const answer = await post(new URL(`${url}/ask`), { 'content-type': 'text/x' }, body, options);
  expect(Buffer.from(answer).toString()).toBe('POST query');
  expect(headers[0]).toMatchObject({ 'content-type': 'text/x', 'content-length': '5' });
});

test('says what is wrong with an answer: an error, a redirect, too many bytes, none', async () => {
  const { url } = await startServer({
    '/moved': redirects('/ask'),
    '/long': gives(Buffer.alloc(101)),
    '/cut': (response) => {
      response.writeHead(200, { 'content-length': '50' }).write('x');
      setTimeout(() => response.destroy(), 20);
    },
  });
  const ask = (path: string) => post(new URL(url + path), {}, body, options);
  await expect(ask('/gone')).rejects.toThrow(/^HTTP 404 Not Found .*with the web page "No such page"/);
  await expect(ask('/moved')).rejects.toThrow(/^HTTP 302 Found/);
  await expect(ask('/long')).rejects.toThrow('gives more than 100 bytes');
  await expect(ask('/cut')).rejects.toThrow('the connection broke off');
});

test('waits a minute for an answer, and says so', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  try {
    const asked = new EventEmitter();
    const { url } = await startServer({ '/hangs': () => asked.emit('asked') });
    const connected = once(asked, 'asked');
    const answer = expect(post(new URL(`${url}/hangs`), {}, body, options)).rejects.toThrow(
      /^(?:no data for|it took longer than) 60 s$/,
    );
    await connected;
    await vi.advanceTimersByTimeAsync(61_000);
    await answer;
  } finally {
    vi.useRealTimers();
  }
});

test('takes no answer without a length for whole whose time is over', async () => {
  const { url } = await startServer({
    '/drips': (response) => {
      response.removeHeader('transfer-encoding');
      response.write('x');
    },
  });
  const hurried = { ...options, fetch: { totalTimeout: 50 } };
  await expect(post(new URL(`${url}/drips`), {}, body, hurried)).rejects.toThrow(/^it took longer than /);
});

test('goes through the proxy of the environment', async () => {
  const { url, asked } = await startServer({ 'http://tsa.example.org/ts': gives('token') });
  process.env.http_proxy = url;
  try {
    const answer = await post(new URL('http://tsa.example.org/ts'), {}, body, options);
    expect(Buffer.from(answer).toString()).toBe('token');
    expect(asked).toEqual(['http://tsa.example.org/ts']);
  } finally {
    delete process.env.http_proxy;
  }
});
