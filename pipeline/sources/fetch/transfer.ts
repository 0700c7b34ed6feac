import { quoted } from '../refusal.ts';
import { webPageProblem } from '../verify-pin.ts';
import { type Answer, ask, type Line } from './ask.ts';
import { FetchFailure } from './failure.ts';
import { readHeadOf } from './head.ts';
import type { PartialFile, PartialOrigin } from './partial.ts';
import { statusFailure } from './status-failure.ts';

/** What the bytes of a file must be: sha256 (lower-case hex) and size in bytes. */
export interface Pin {
  readonly sha256: string;
  readonly size: number;
}

/** A file to fetch into a partial file. */
export interface Job {
  readonly partial: PartialFile;
  readonly pin: Pin | undefined;
  /** What the file should be, such as `an ISO`. */
  readonly words: string;
  /** The most bytes that are taken of a file without a pin. */
  readonly unknownSize: number;
  /** Told of every piece that came: how many bytes are there now, and of how many. */
  readonly onBytes: (held: number, total: number | undefined) => void;
}

/**
 * Brings a partial file to its end from one address: what it lacks by a range request, or all of it. Returns whether
 * all bytes came in this one answer; throws `FetchFailure`.
 */
export async function transfer(url: URL, job: Job, line: Line): Promise<boolean> {
  const { partial, pin } = job;
  const origin = await resumableOrigin(url, job);
  const held = origin === undefined ? 0 : await partial.size();
  if (pin !== undefined && held === pin.size) return false;
  const answer = await ask(url, origin === undefined ? {} : rangeHeaders(url, held, origin), line);
  try {
    if (answer.status === 200) {
      await takeWhole(url, answer, job);
      return true;
    }
    if (held === 0 || ![206, 416].includes(answer.status)) throw await statusFailure(answer);
    if (pin === undefined && origin?.from !== serverOf(answer)) {
      await partial.discard();
      const words = `is continued by another server (${serverOf(answer)}) than it began with (${origin?.from})`;
      throw new FetchFailure('network', words, { retry: true });
    }
    const total = rangeTotal(answer, held, pin);
    if (total === undefined) {
      await partial.discard();
      const given = answer.header('content-range');
      const range = given === undefined ? 'no Content-Range' : quoted(given);
      const words = `was asked for what follows byte ${held} and answered HTTP ${answer.status}, ${range}`;
      throw new FetchFailure('network', words, { retry: true });
    }
    await take(answer.body, held, total, job, true);
    return false;
  } finally {
    answer.close();
  }
}

/** The digest decides in the end whether the parts of a pinned file belong together; without one only a validator of the same server can. */
async function resumableOrigin(url: URL, { partial, pin }: Job): Promise<PartialOrigin | undefined> {
  const origin = await partial.origin();
  if (origin === undefined || url.protocol === 'file:') return undefined;
  if (pin !== undefined) return (await partial.size()) <= pin.size ? origin : undefined;
  return origin.url === url.href && origin.validator !== undefined ? origin : undefined;
}

/** If-Range makes a server send all of a file that has changed (RFC 9110 section 13.1.5). */
function rangeHeaders(
  url: URL,
  held: number,
  { url: from, validator }: PartialOrigin,
): Record<string, string> {
  const ifRange = from === url.href && validator !== undefined ? { 'if-range': validator } : {};
  return { range: `bytes=${held}-`, ...ifRange };
}

/** Returns the size of the whole file that a range is of (-1 where the server does not know); undefined for another range than was asked for. */
function rangeTotal(answer: Answer, held: number, pin: Pin | undefined): number | undefined {
  const [, from, , whole] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answer.header('content-range') ?? '') ?? [];
  if (answer.status !== 206 || Number(from) !== held) return undefined;
  const total = whole === '*' ? -1 : Number(whole);
  return pin !== undefined && total !== -1 && total !== pin.size ? undefined : total;
}

/** Looks at the first bytes before it lets go of what another answer brought. */
async function takeWhole(url: URL, answer: Answer, job: Job): Promise<void> {
  const encoding = answer.header('content-encoding') ?? 'identity';
  if (encoding !== 'identity')
    throw new FetchFailure(
      'network',
      `came with Content-Encoding ${quoted(encoding)}, which nobody asked for`,
    );
  const { head, all } = await readHeadOf(answer.body);
  const page = webPageProblem(head, job.words);
  if (page !== undefined) throw new FetchFailure('content', page);
  const length = Number(answer.header('content-length') ?? -1);
  requireSize(length, job);
  await job.partial.restart({ url: url.href, from: serverOf(answer), ...validatorOf(answer) });
  await take(all, 0, length, job, length !== -1 || answer.header('transfer-encoding') !== undefined);
}

function requireSize(length: number, { pin, unknownSize }: Job): void {
  if (length === -1) return;
  if (pin !== undefined && length !== pin.size)
    throw new FetchFailure('content', `gives ${length} bytes, expected ${pin.size}`);
  if (length > unknownSize)
    throw new FetchFailure('content', `gives ${length} bytes, expected at most ${unknownSize}`);
}

/** Without path and query, which may hold what is secret. */
function serverOf({ address }: Answer): string {
  return address.protocol === 'file:' ? address.href : address.origin;
}

/** A weak ETag does not vouch for bytes (RFC 9110 section 8.8.1). */
function validatorOf(answer: Answer): { validator?: string } {
  const etag = answer.header('etag');
  const validator = etag?.startsWith('"') ? etag : answer.header('last-modified');
  return validator === undefined ? {} : { validator };
}

/** `isFramed`: the end of the answer is marked, so that one that is too short was not cut off. */
async function take(
  body: AsyncIterable<Uint8Array>,
  start: number,
  total: number,
  job: Job,
  isFramed: boolean,
): Promise<void> {
  const { partial, pin, onBytes } = job;
  const most = pin?.size ?? job.unknownSize;
  let held = start;
  async function* watched() {
    for await (const chunk of body) {
      held += chunk.length;
      if (held > most) return;
      yield chunk;
      onBytes(held, pin?.size ?? (total === -1 ? undefined : total));
    }
  }
  await partial.append(watched());
  const expected = pin?.size ?? (total === -1 ? held : total);
  if (held === expected && held <= most) return;
  if (held < expected && !isFramed) {
    const words = `the connection ended after ${held} of ${expected} bytes`;
    throw new FetchFailure('network', words, { retry: true });
  }
  await partial.discard();
  const got = held > most ? `gave more than ${most}` : `gave ${held}`;
  throw new FetchFailure('content', `${got} bytes, expected ${pin?.size ?? `at most ${most}`}`, {
    retry: start > 0,
  });
}
