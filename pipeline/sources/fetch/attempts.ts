import { setTimeout } from 'node:timers/promises';
import type { FetchSettings } from '../../core/context.ts';
import { verifyPin } from '../pinned-file.ts';
import type { Line } from './client.ts';
import { FetchFailure } from './failure.ts';
import { type Job, transfer } from './transfer.ts';
import { seconds, startWatchdog } from './watchdog.ts';

/** What all attempts share. */
interface FetchConditions {
  readonly settings: FetchSettings;
  readonly signal: AbortSignal;
  /** Told of an attempt that failed and is followed by another one. */
  readonly onRetry: (words: string) => void;
}

/**
 * Fetches a file from one address into its partial file and checks it against its pin, as often as the settings allow
 * where another attempt may help; throws the last `FetchFailure`.
 */
export async function fetchFromOne(url: URL, job: Job, conditions: FetchConditions): Promise<void> {
  const { settings, signal, onRetry } = conditions;
  const deadline = performance.now() + settings.totalTimeout;
  for (let failures = 0; ; ) {
    const before = await job.partial.size();
    const failure = await attempt(url, job, conditions, deadline);
    if (failure === undefined) return;
    const gained = (await job.partial.size()) - before;
    if (gained < 2 ** 20) failures += 1;
    const wait = failure.retryAfter ?? backOff(failures, settings);
    if (!failure.retry || failures >= settings.attempts) throw failure;
    if (wait > settings.longestRetryAfter) {
      throw new FetchFailure('network', `${failure.message}, and asks to be left alone for ${seconds(wait)}`);
    }
    onRetry(`${failure.message}; trying again in ${seconds(wait)}`);
    await setTimeout(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function attempt(
  url: URL,
  job: Job,
  { settings, signal }: FetchConditions,
  deadline: number,
): Promise<FetchFailure | undefined> {
  const isFresh = await oneAttempt({ settings, deadline, signal }, (line) => transfer(url, job, line));
  if (isFresh instanceof FetchFailure) return isFresh;
  const problem =
    job.pin === undefined ? undefined : await verifyPin(job.partial.file, job.pin, job.words, signal);
  if (problem === undefined) return undefined;
  await job.partial.discard();
  return new FetchFailure('content', problem, { retry: !isFresh });
}

/** What one attempt may take: how long it may stall, and until when (by `performance.now()`) it must have ended. */
interface AttemptLimits {
  readonly settings: FetchSettings;
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** Asks once, under a watchdog; returns what `work` gives or the `FetchFailure` that ended it, which is the watchdog's where that barked. */
export async function oneAttempt<Result>(
  { settings, deadline, signal }: AttemptLimits,
  work: (line: Line) => Promise<Result>,
): Promise<Result | FetchFailure> {
  const watchdog = startWatchdog(settings, deadline);
  const line = {
    connectTimeout: settings.connectTimeout,
    signal: AbortSignal.any([signal, watchdog.signal]),
    saw: watchdog.saw,
  };
  try {
    return await work(line);
  } catch (error) {
    signal.throwIfAborted();
    if (watchdog.signal.aborted) return watchdog.signal.reason as FetchFailure;
    if (error instanceof FetchFailure) return error;
    throw error;
  } finally {
    watchdog.stop();
  }
}

/** Returns how long to wait after so many failures in a row (milliseconds): twice as long each time. */
export function backOff(failures: number, { firstWait, longestWait }: FetchSettings): number {
  return Math.min(longestWait, firstWait * 2 ** Math.max(0, failures - 1));
}
