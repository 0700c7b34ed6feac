import { quoted } from '../../core/refusal.ts';
import { webPageTitle } from '../../formats/magic.ts';
import { connectionFailure, FetchFailure, passing } from './failure.ts';

/** The response of a server; the caller must `close` it. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly header: (name: string) => string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
  /** The final address after redirects. */
  readonly address: URL;
  readonly close: () => void;
}

/** Enough to tell a web page from a disc, title included. */
const headBytes = 32 * 1024;

/**
 * Reads the first bytes of a body and returns them twice: as `head`, and in `all` followed by the rest. A body that
 * fails within them fails again at the same point of `all`, so that no received byte is lost.
 */
export async function readHeadOf(
  body: AsyncIterable<Uint8Array>,
): Promise<{ head: Buffer; all: AsyncGenerator<Uint8Array> }> {
  const iterator = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let failure: { readonly error: unknown } | undefined;
  for (let bytes = 0; bytes < headBytes; ) {
    const next = await iterator.next().catch((error: unknown) => {
      failure = { error: connectionFailure('the connection was lost', error) };
    });
    if (!next || next.done) break;
    chunks.push(next.value);
    bytes += next.value.length;
  }
  return { head: Buffer.concat(chunks), all: replay(chunks, iterator, failure) };
}

async function* replay(
  chunks: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
  failure: { readonly error: unknown } | undefined,
): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (failure !== undefined) throw failure.error;
  yield* { [Symbol.asyncIterator]: () => iterator };
}

/** Returns the milliseconds of a Retry-After header (RFC 9110 section 10.2.3: seconds or a date); undefined without a valid one. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  return /^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(value) ? untilDate(value, now) : undefined;
}

/** JavaScript parses nearly anything as a date; an HTTP date begins with the name of a day and has a time. */
function untilDate(value: string, now: number): number | undefined {
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Returns the failure for an error response, with the title of its web page. */
export async function statusFailure(answer: Answer): Promise<FetchFailure> {
  const { head } = await readHeadOf(answer.body);
  const title = webPageTitle(head);
  const reason = answer.statusText.replace(/[^\x20-\x7e]/g, '').slice(0, 100);
  const page = title ? `, with the web page ${quoted(title)}` : '';
  const message = `HTTP ${answer.status} ${reason} from ${answer.address}${page}`;
  return new FetchFailure('network', message, {
    retry: passing.includes(answer.status),
    retryAfter: parseRetryAfter(answer.header('retry-after'), Date.now()),
  });
}
