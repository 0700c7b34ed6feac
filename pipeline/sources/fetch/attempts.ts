import { setTimeout } from 'node:timers/promises';
import type { FetchSettings } from '../../core/context.ts';
import { verifyPin } from '../pinned-file.ts';
import type { Line } from './client.ts';
import { FetchFailure } from './failure.ts';
import { type Job, transfer } from './transfer.ts';
import { seconds, startWatchdog } from './watchdog.ts';

/** Settings that all attempts share. */
interface FetchConditions {
  readonly settings: FetchSettings;
  readonly signal: AbortSignal;
  /** Called after a failed attempt that will be retried. */
  readonly onRetry: (message: string) => void;
}

/**
 * Fetches a file from one address into its partial file and checks it against its pin; retries as often as the settings allow
 * where that may help; throws the last `FetchFailure`.
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
      throw new FetchFailure('network', `${failure.message}, and requires a wait of ${seconds(wait)}`);
    }
    onRetry(`${failure.message}; retrying in ${seconds(wait)}`);
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
    job.pin === undefined ? undefined : await verifyPin(job.partial.file, job.pin, job.expected, signal);
  if (problem === undefined) return undefined;
  await job.partial.discard();
  return new FetchFailure('content', problem, { retry: !isFresh });
}

/** Limits of one attempt: the stall timeout, and the deadline (by `performance.now()`). */
interface AttemptLimits {
  readonly settings: FetchSettings;
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** Runs `work` once under a watchdog; returns its result, or the `FetchFailure` of the watchdog or of the work. */
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

/** Returns the delay in milliseconds after a number of consecutive failures: it doubles each time. */
export function backOff(failures: number, { firstWait, longestWait }: FetchSettings): number {
  return Math.min(longestWait, firstWait * 2 ** Math.max(0, failures - 1));
}
