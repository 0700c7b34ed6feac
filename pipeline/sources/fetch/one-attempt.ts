import type { FetchSettings } from '../../core/context.ts';
import type { Line } from './ask.ts';
import { FetchFailure } from './failure.ts';
import { startWatchdog } from './watchdog.ts';

/** What one attempt may take: how long it may stall, and until when (by `performance.now()`) it must have ended. */
export interface AttemptLimits {
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
