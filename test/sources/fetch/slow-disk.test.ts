import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../../../pipeline/sources/fetch/client.ts';

/** What fits into the buffers on the way, so that the end of the connection is there before anybody reads. */
const body = Buffer.alloc(64 * 1024, 'x');

const framings = [
  ['a length', `Content-Length: ${body.length}\r\n\r\n`, body],
  ['no length', '\r\n', body],
  [
    'chunks',
    'Transfer-Encoding: chunked\r\n\r\n',
    Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]),
  ],
] as const;

test.each(framings)(
  'an answer with %s whose connection ends before anybody reads it is whole',
  async (_, headers, bytes) => {
    const answer = await answerAtOnce(Buffer.concat([Buffer.from(`${start}${headers}`), bytes]));
    await wait(200);
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      await wait(20);
    }
    expect(Buffer.concat(chunks).equals(body)).toBe(true);
  },
);

test('an answer that ends too early before anybody reads it broke off', async () => {
  const head = Buffer.from(`${start}Content-Length: ${body.length + 1}\r\n\r\n`);
  const answer = await answerAtOnce(Buffer.concat([head, body]));
  await wait(200);
  const read = async () => {
    for await (const _ of answer.body) await wait(20);
  };
  await expect(read()).rejects.toThrow('the connection was lost: it ended too early');
});

test('an answer that nobody reads is closed and harms nothing', async () => {
  const answer = await answerAtOnce(Buffer.concat([Buffer.from(`${start}\r\n`), body]));
  await wait(200);
  answer.close();
  await wait(20);
});

const start = 'HTTP/1.1 200 OK\r\nConnection: close\r\n';

/** Asks a server that sends all of its answer and the end of the connection in one go. */
async function answerAtOnce(bytes: Buffer) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const { signal } = new AbortController();
  return ask(url, {}, { connectTimeout: 5000, signal, saw: () => {} });
}
