import type { Answer } from './server.ts';

/** Response headers of a server that supports ranges. */
export interface RangedOptions {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** Responds like a correct server: with the requested range if the file is unchanged, otherwise with the whole file. */
export function ranged(bytes: Buffer, options: RangedOptions = {}): Answer {
  return (response, request) => {
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const ifRange = request.headers['if-range'];
    const isSame = ifRange === undefined || ifRange === options.etag || ifRange === options.lastModified;
    const headers = validators(options);
    if (from === undefined || !isSame) {
      response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes);
      return;
    }
    const rest = bytes.subarray(Number(from));
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { ...headers, 'content-length': rest.length, 'content-range': range }).end(rest);
  };
}

/** Responds to a range request with at most `most` bytes (RFC 9110 section 15.3.7). */
export function rangedBy(bytes: Buffer, most: number): Answer {
  return (response, request) => {
    const from = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
    const piece = bytes.subarray(from, from + most);
    const range = `bytes ${from}-${from + piece.length - 1}/${bytes.length}`;
    response.writeHead(206, { 'content-length': piece.length, 'content-range': range }).end(piece);
  };
}

/** Announces all bytes and closes the connection after `at` of them, once the client has read these. */
export function cutOff(bytes: Buffer, at: number, options: RangedOptions = {}): Answer {
  return (response) => {
    response.writeHead(200, { ...validators(options), 'content-length': bytes.length });
    response.write(bytes.subarray(0, at), () => setTimeout(() => response.destroy(), 150));
  };
}

/** Sends the responses in order; repeats the last one. */
export function inTurn(...answers: readonly [Answer, ...Answer[]]): Answer {
  let next = 0;
  return (response, request) => {
    const answer = answers[Math.min(next, answers.length - 1)] ?? answers[0];
    next += 1;
    answer(response, request);
  };
}

/** Announces 1 MiB and sends a few bytes at a time, forever. */
export function dribbles(bytes: number, everyMilliseconds: number): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': 2 ** 20 });
    const timer = setInterval(() => response.write(Buffer.alloc(bytes)), everyMilliseconds);
    response.on('close', () => clearInterval(timer));
  };
}

/** Sends endless bytes without a Content-Length. */
export function endless(response: Parameters<Answer>[0]): void {
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65536)));
  };
  response.on('drain', more);
  more();
}

/** Responds with a status, a page and headers. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => response.writeHead(code, headers).end();
}

/** The page of a bot check, with status 200. */
export const botCheck = `<!doctype html><html><head><title>Making sure you&#39;re not a bot!</title></head><body>${'x'.repeat(5000)}</body></html>`;

function validators({ etag, lastModified }: RangedOptions): Record<string, string> {
  return {
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { 'last-modified': lastModified }),
  };
}
