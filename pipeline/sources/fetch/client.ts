import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { quoted } from '../../core/refusal.ts';
import { openFile } from '../../system/files.ts';
import type { Answer } from './answer.ts';
import { askForAddress, type Patience } from './connection.ts';
import { connectionFailure, FetchFailure } from './failure.ts';

/** Options of a request. */
export interface Line extends Patience {
  /** Called for the bytes that arrive, for a watchdog. */
  readonly saw: (bytes: number) => void;
}

const mostRedirects = 10;

/**
 * Requests a file from a web server, following redirects to http and https only and never from https to http; reads a `file:`
 * address from disk. Every error, also one while reading the body, is a `FetchFailure`.
 */
export async function ask(url: URL, headers: Readonly<Record<string, string>>, line: Line): Promise<Answer> {
  if (url.protocol === 'file:') return askDisk(url, line);
  let address = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const answer = await askServer(address, headers, line);
    const location = answer.header('location');
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer;
    answer.close();
    address = redirected(address, location);
  }
  throw new FetchFailure('network', `redirects more than ${mostRedirects} times, last to ${address}`);
}

async function askServer(
  address: URL,
  headers: Readonly<Record<string, string>>,
  line: Line,
): Promise<Answer> {
  const asked = { 'accept-encoding': 'identity', 'user-agent': 'pvdisc', ...headers };
  const message = await askForAddress(address, asked, line);
  return {
    status: message.statusCode ?? 0,
    statusText: message.statusMessage ?? '',
    header: (name) => {
      const value = message.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    body: readBody(message, line.saw),
    address,
    close: () => {
      message.on('error', () => {});
      message.destroy();
    },
  };
}

async function* readBody(body: Readable, saw: Line['saw']): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      saw(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw connectionFailure('the connection was lost', error);
  }
}

async function askDisk(url: URL, { saw }: Line): Promise<Answer> {
  let file: string;
  let size: number;
  let body: Readable;
  try {
    file = fileURLToPath(url);
    if (!(await stat(file)).isFile()) throw new Error('is not a file');
    const handle = await openFile(file);
    size = (await handle.stat()).size;
    body = handle.createReadStream();
  } catch (error) {
    throw new FetchFailure('content', (error as Error).message, { cause: error });
  }
  return {
    status: 200,
    statusText: 'OK',
    header: (name) => (name === 'content-length' ? String(size) : undefined),
    body: readBody(body, saw),
    address: url,
    close: () => body.destroy(),
  };
}

/** A server may put a user and password into an address; removes them, so that they are neither used nor shown. */
function withoutUser(address: URL): URL {
  return Object.assign(address, { username: '', password: '' });
}

function redirected(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? withoutUser(new URL(location, from)) : undefined;
  if (to === undefined || !['http:', 'https:'].includes(to.protocol)) {
    const shown = quoted(location.replace(/\/\/[^/@]*@/, '//'));
    throw new FetchFailure(
      'network',
      `${from.host} redirects to ${shown}, expected an http or https address`,
    );
  }
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new FetchFailure(
      'network',
      `${from.host} redirects from https to plain http, which others can tamper with: ${to}`,
    );
  }
  return to;
}
