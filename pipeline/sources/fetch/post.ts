import type { FetchSettings } from '../../core/context.ts';
import { type Answer, statusFailure } from './answer.ts';
import { oneAttempt } from './attempts.ts';
import { askForAddress } from './connection.ts';
import { connectionFailure, FetchFailure } from './failure.ts';
import { fetchSettings } from './settings.ts';

/** What limits a question that is asked once. */
interface PostOptions {
  readonly signal: AbortSignal;
  readonly fetch?: Partial<FetchSettings>;
  /** The most that is read of the response. */
  readonly mostBytes: number;
}

const longest = 60_000;

/** Posts a body to a server, once and without following redirects, and returns the response; whatever goes wrong is a `FetchFailure`. */
export async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  options: PostOptions,
): Promise<Uint8Array> {
  const patience = fetchSettings(options);
  const settings = { ...patience, totalTimeout: Math.min(patience.totalTimeout, longest) };
  const deadline = performance.now() + settings.totalTimeout;
  const read = await oneAttempt({ settings, deadline, signal: options.signal }, async (line) => {
    const sent = { 'user-agent': 'pvdisc', ...headers, 'content-length': String(body.length) };
    const message = await askForAddress(url, sent, line, body);
    const answer: Answer = {
      status: message.statusCode ?? 0,
      statusText: message.statusMessage ?? '',
      header: (name) => [message.headers[name]].flat()[0],
      body: message,
      address: url,
      close: () => void message.destroy(),
    };
    try {
      if (answer.status !== 200) throw await statusFailure(answer);
      const whole = await readAtMost(message, options.mostBytes, line.saw);
      line.signal.throwIfAborted(); // the body of an answer without a length just ends then
      return whole;
    } catch (error) {
      throw connectionFailure('the connection broke off', error);
    } finally {
      answer.close();
    }
  });
  if (read instanceof FetchFailure) throw read;
  return read;
}

async function readAtMost(
  body: AsyncIterable<Uint8Array>,
  most: number,
  saw: (bytes: number) => void,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    saw(chunk.length);
    bytes += chunk.length;
    if (bytes > most) throw new FetchFailure('content', `gives more than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
