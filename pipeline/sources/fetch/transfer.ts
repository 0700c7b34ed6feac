import { quoted } from '../../core/refusal.ts';
import { webPageProblem } from '../pinned-file.ts';
import { type Answer, readHeadOf, statusFailure } from './answer.ts';
import { ask, type Line } from './client.ts';
import { FetchFailure } from './failure.ts';
import type { PartialFile, PartialOrigin } from './partial.ts';

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
 * Brings a partial file to its end from one address: what it lacks by range requests, or all of it. Returns whether
 * all bytes came in one answer; throws `FetchFailure`.
 */
export async function transfer(url: URL, job: Job, line: Line): Promise<boolean> {
  for (;;) {
    const origin = await resumableOrigin(url, job);
    const held = origin === undefined ? 0 : await job.partial.size();
    if (job.pin !== undefined && held === job.pin.size) return false;
    const answer = await ask(url, origin === undefined ? {} : rangeHeaders(url, held, origin), line);
    try {
      if (answer.status === 200) {
        await takeWhole(url, answer, job);
        return true;
      }
      if (held === 0 || ![206, 416].includes(answer.status)) throw await statusFailure(answer);
      await requireSameServer(answer, origin, job);
      if (await takeRange(answer, held, job)) return false;
    } finally {
      answer.close();
    }
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

/** Nothing vouches for parts of two servers where no digest is known. */
async function requireSameServer(answer: Answer, origin: PartialOrigin | undefined, { partial, pin }: Job) {
  if (pin !== undefined || origin?.from === serverOf(answer)) return;
  await partial.discard();
  const words = `is continued by another server (${serverOf(answer)}) than it began with (${origin?.from})`;
  throw new FetchFailure('network', words, { retry: true });
}

/** Takes a range, which may end before the file does (RFC 9110 section 15.3.7); tells whether the file is whole now. */
async function takeRange(answer: Answer, held: number, job: Job): Promise<boolean> {
  const { partial, pin } = job;
  const range = rangeOf(answer, held, pin);
  if (range === undefined) {
    await partial.discard();
    const given = answer.header('content-range');
    const shown = given === undefined ? 'no Content-Range' : quoted(given);
    const words = `was asked for what follows byte ${held} and answered HTTP ${answer.status}, ${shown}`;
    throw new FetchFailure('network', words, { retry: true });
  }
  const { end, total } = range;
  await take(answer.body, held, { end, total }, job, isFramed(answer));
  if (end === total) return true;
  if (end - held >= leastRange) return false;
  const words = `gave only ${end - held} of the ${total - held} bytes that were asked for`;
  throw new FetchFailure('network', words, { retry: true });
}

/** Ranges with fewer bytes count as failed attempts, so that no server makes this one ask for a file byte by byte. */
const leastRange = 64 * 1024;

/** Returns where the bytes of a range end and how many the whole file has; undefined for another range than was asked for. */
function rangeOf(
  answer: Answer,
  held: number,
  pin: Pin | undefined,
): { readonly end: number; readonly total: number } | undefined {
  const given = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answer.header('content-range') ?? '') ?? [];
  const [from, last, whole] = given.slice(1).map(Number);
  const total = Number.isNaN(whole) ? pin?.size : whole;
  if (answer.status !== 206 || from !== held || last === undefined || total === undefined) return undefined;
  const isOfFile = last >= from && last < total && (pin === undefined || total === pin.size);
  return isOfFile ? { end: last + 1, total } : undefined;
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
  const given = answer.header('content-length');
  const length = given === undefined ? undefined : Number(given);
  requireSize(length, job);
  await job.partial.restart({ url: url.href, from: serverOf(answer), ...validatorOf(answer) });
  const end = job.pin?.size ?? length;
  await take(all, 0, { end, total: end }, job, isFramed(answer));
}

/** Whether the end of the answer is marked, so that one that is too short was not cut off. */
function isFramed({ header }: Answer): boolean {
  return header('content-length') !== undefined || header('transfer-encoding') !== undefined;
}

function requireSize(length: number | undefined, { pin, unknownSize }: Job): void {
  if (length === undefined) return;
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

/** Appends what comes, which must bring the file from `start` to `end` bytes where that is known. */
async function take(
  body: AsyncIterable<Uint8Array>,
  start: number,
  { end, total }: { readonly end: number | undefined; readonly total: number | undefined },
  { partial, unknownSize, onBytes }: Job,
  hasMark: boolean,
): Promise<void> {
  const most = end ?? unknownSize;
  let held = start;
  async function* watched() {
    for await (const chunk of body) {
      held += chunk.length;
      if (held > most) return;
      yield chunk;
      onBytes(held, total);
    }
  }
  await partial.append(watched());
  if (end === undefined ? held <= most : held === end) return;
  if (held < most && !hasMark) {
    const words = `the connection ended after ${held} of ${most} bytes`;
    throw new FetchFailure('network', words, { retry: true });
  }
  await partial.discard();
  const got = held > most ? `gave more than ${most}` : `gave ${held}`;
  throw new FetchFailure('content', `${got} bytes, expected ${end ?? `at most ${most}`}`, {
    retry: start > 0,
  });
}
