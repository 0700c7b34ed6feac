import { quoted } from '../../core/refusal.ts';
import { webPageProblem } from '../pinned-file.ts';
import { type Answer, readHeadOf, statusFailure } from './answer.ts';
import { ask, type Line } from './client.ts';
import { FetchFailure } from './failure.ts';
import type { PartialFile, PartialOrigin } from './partial.ts';

/** The expected sha256 (lower-case hex) and size in bytes of a file. */
export interface Pin {
  readonly sha256: string;
  readonly size: number;
}

/** A file to fetch into a partial file. */
export interface Job {
  readonly partial: PartialFile;
  readonly pin: Pin | undefined;
  /** The expected kind of file, such as `an ISO`. */
  readonly expected: string;
  /** The maximum size of a file without a pin, in bytes. */
  readonly unknownSize: number;
  /** Called for every chunk with the number of bytes so far and the total. */
  readonly onBytes: (held: number, total: number | undefined) => void;
}

/**
 * Completes a partial file from one address: the missing part by range requests, or all of it. Returns whether
 * all bytes came in one response; throws `FetchFailure`.
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

/** The digest proves in the end that the parts of a pinned file belong together; without one, only a validator of the same server can. */
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

/** Without a digest, parts from two servers may not belong together. */
async function requireSameServer(answer: Answer, origin: PartialOrigin | undefined, { partial, pin }: Job) {
  if (pin !== undefined || origin?.from === serverOf(answer)) return;
  await partial.discard();
  const message = `now comes from another server (${serverOf(answer)}) than before (${origin?.from})`;
  throw new FetchFailure('network', message, { retry: true });
}

/** Appends a range, which may end before the file does (RFC 9110 section 15.3.7); returns whether the file is complete. */
async function takeRange(answer: Answer, held: number, job: Job): Promise<boolean> {
  const { partial, pin } = job;
  const range = rangeOf(answer, held, pin);
  if (range === undefined) {
    await partial.discard();
    const given = answer.header('content-range');
    const shown = given === undefined ? 'no Content-Range' : quoted(given);
    const message = `responded to a request for the bytes from ${held} on with HTTP ${answer.status}, ${shown}`;
    throw new FetchFailure('network', message, { retry: true });
  }
  const { end, total } = range;
  await take(answer.body, held, { end, total }, job, isFramed(answer));
  if (end === total) return true;
  if (end - held >= leastRange) return false;
  const message = `sent only ${end - held} of the ${total - held} requested bytes`;
  throw new FetchFailure('network', message, { retry: true });
}

/** Ranges with fewer bytes count as failed attempts, so that a server cannot force a request for each byte. */
const leastRange = 64 * 1024;

/** Returns the end of a range and the size of the whole file; undefined for a range that was not requested. */
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

/** Checks the first bytes before it discards the partial file of an earlier response. */
async function takeWhole(url: URL, answer: Answer, job: Job): Promise<void> {
  const encoding = answer.header('content-encoding') ?? 'identity';
  if (encoding !== 'identity')
    throw new FetchFailure('network', `has Content-Encoding ${quoted(encoding)}, which was not requested`);
  const { head, all } = await readHeadOf(answer.body);
  const page = webPageProblem(head, job.expected);
  if (page !== undefined) throw new FetchFailure('content', page);
  const given = answer.header('content-length');
  const length = given === undefined ? undefined : Number(given);
  requireSize(length, job);
  await job.partial.restart({ url: url.href, from: serverOf(answer), ...validatorOf(answer) });
  const end = job.pin?.size ?? length;
  await take(all, 0, { end, total: end }, job, isFramed(answer));
}

/** Whether the response is framed: a short one is then complete, not cut off. */
function isFramed({ header }: Answer): boolean {
  return header('content-length') !== undefined || header('transfer-encoding') !== undefined;
}

function requireSize(length: number | undefined, { pin, unknownSize }: Job): void {
  if (length === undefined) return;
  if (pin !== undefined && length !== pin.size)
    throw new FetchFailure('content', `has ${length} bytes, expected ${pin.size}`);
  if (length > unknownSize)
    throw new FetchFailure('content', `has ${length} bytes, expected at most ${unknownSize}`);
}

/** Without path and query, which may hold secrets. */
function serverOf({ address }: Answer): string {
  return address.protocol === 'file:' ? address.href : address.origin;
}

/** A weak ETag does not guarantee equal bytes (RFC 9110 section 8.8.1). */
function validatorOf(answer: Answer): { validator?: string } {
  const etag = answer.header('etag');
  const validator = etag?.startsWith('"') ? etag : answer.header('last-modified');
  return validator === undefined ? {} : { validator };
}

/** Appends the body, which must extend the file from `start` to `end` bytes where that is known. */
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
    const message = `the connection ended after ${held} of ${most} bytes`;
    throw new FetchFailure('network', message, { retry: true });
  }
  await partial.discard();
  const got = held > most ? `sent more than ${most}` : `sent ${held}`;
  throw new FetchFailure('content', `${got} bytes, expected ${end ?? `at most ${most}`}`, {
    retry: start > 0,
  });
}
