import type { RunContext } from '../../core/context.ts';
import { PipelineError } from '../../core/errors.ts';
import { mismatchHint } from '../pinned-file.ts';
import { fetchFromOne } from './attempts.ts';
import { FetchFailure } from './failure.ts';
import { fetchSettings } from './settings.ts';
import type { Job } from './transfer.ts';

/** A file to fetch: its addresses in the order in which they are tried. */
export interface Wanted extends Unreachable {
  readonly urls: readonly [string, ...string[]];
  /** The expected kind of file, such as `an ISO`. */
  readonly expected: string;
  /** Its name in progress and notes. */
  readonly item: string;
  /** The hint for wrong bytes, where the expected digest is not in a manifest. */
  readonly mismatch?: string;
}

/** Fetches a file into its partial file from the first address that has it; throws one error with the failure of each. */
export async function fetchFromAny(
  wanted: Wanted,
  target: Pick<Job, 'partial' | 'pin'>,
  context: RunContext,
): Promise<void> {
  const settings = fetchSettings(context);
  const { signal, reporter } = context;
  const note = (message: string) => reporter.note(`${wanted.item}: ${message}`);
  const job = {
    ...target,
    expected: wanted.expected,
    unknownSize: settings.unknownSize,
    onBytes: progressOf(wanted, context),
  };
  const failures: { readonly url: string; readonly failure: FetchFailure }[] = [];
  for (const [index, url] of wanted.urls.entries()) {
    try {
      return await fetchFromOne(new URL(url), job, { settings, signal, onRetry: note });
    } catch (error) {
      if (!(error instanceof FetchFailure)) throw error;
      failures.push({ url, failure: error });
      if (index < wanted.urls.length - 1) note(`${url}: ${error.message}; trying the next address`);
    }
  }
  throw failed(wanted, failures);
}

function progressOf({ item }: Wanted, { reporter }: RunContext): Job['onBytes'] {
  const rateOf = startRate();
  return (bytes, totalBytes) => {
    const rate = rateOf(bytes, totalBytes);
    const left = rate?.secondsLeft;
    reporter.progress({
      item,
      bytes,
      ...(totalBytes !== undefined && { totalBytes }),
      ...(rate !== undefined && { bytesPerSecond: rate.bytesPerSecond }),
      ...(left !== undefined && { secondsLeft: left }),
    });
  };
}

/** Wrong content outranks a network failure, and decides the exit code. */
function failed(
  wanted: Wanted,
  failures: readonly { readonly url: string; readonly failure: FetchFailure }[],
): PipelineError {
  const hasContent = failures.some(({ failure }) => failure.kind === 'content');
  return new PipelineError(
    hasContent ? 'input' : 'network',
    failures.map(({ url, failure }) => ({
      place: wanted.place,
      message: `${url}: ${failure.message}`,
      hint: hintFor(failure, wanted),
    })),
    { cause: failures[0]?.failure },
  );
}

function hintFor({ kind, message, hint }: FetchFailure, { instead, mismatch }: Wanted): string {
  if (hint !== undefined) return `${hint}, or ${instead}`;
  if (kind === 'network') return `try again, or ${instead}`;
  return message.startsWith('this is a web page')
    ? `the server sent a web page, such as a bot check or a login: download the file with a browser, and ${instead}`
    : (mismatch ?? mismatchHint);
}

/** The transfer rate, and the remaining time at that rate. */
interface Rate {
  readonly bytesPerSecond: number;
  readonly secondsLeft: number | undefined;
}

/** Starts measuring a transfer; the returned function takes the bytes so far and the total (if known), and returns the rate over the last seconds. */
export function startRate(
  now: () => number = () => performance.now(),
): (bytes: number, total: number | undefined) => Rate | undefined {
  let samples: { readonly time: number; readonly bytes: number }[] = [];
  return (bytes, total) => {
    const time = now();
    const last = samples.at(-1);
    if (last === undefined || time - last.time >= sampleEvery) samples.push({ time, bytes });
    samples = samples.filter((sample, index) => index === samples.length - 1 || time - sample.time <= window);
    const [first] = samples;
    if (first === undefined || time - first.time < sampleEvery) return undefined;
    const bytesPerSecond = ((bytes - first.bytes) / (time - first.time)) * 1000;
    const isMoving = total !== undefined && bytesPerSecond > 0;
    return { bytesPerSecond, secondsLeft: isMoving ? (total - bytes) / bytesPerSecond : undefined };
  };
}

/** Milliseconds. */
const sampleEvery = 250;

const window = 10_000;

/** A file that is not in the cache: its addresses, its place in the manifest, and what to do instead of fetching it. */
interface Unreachable {
  readonly urls: readonly string[];
  readonly place: string;
  readonly instead: string;
}

/** Throws when a run is offline and a file that is not in the cache is not on the local disk either. */
export function requireReachable(
  { urls, place, instead }: Unreachable,
  { offline, cacheDir }: Pick<RunContext, 'offline' | 'cacheDir'>,
): void {
  if (!offline || urls.every((url) => url.startsWith('file:'))) return;
  throw new PipelineError('network', {
    place,
    message: `${urls[0]}: is not in the cache (${cacheDir}), and --offline forbids fetching it`,
    hint: `${instead}, or run it once without --offline to fill the cache`,
  });
}
