import { setTimeout } from 'node:timers/promises';
import type { FetchSettings } from '../../core/context.ts';
import { verifyPin } from '../verify-pin.ts';
import { FetchFailure } from './failure.ts';
import { backOff, oneAttempt } from './one-attempt.ts';
import { type Job, transfer } from './transfer.ts';
import { seconds } from './watchdog.ts';

/** What all attempts share. */
export interface FetchConditions {
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
