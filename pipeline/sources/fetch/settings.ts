import type { FetchSettings, RunContext } from '../../core/context.ts';

/** 12 hours suffice for the largest disc even at 20 kB/s, measured on upstream's server; 1000 bytes per second is also the limit for git. */
const defaults: FetchSettings = {
  connectTimeout: 30_000,
  idleTimeout: 60_000,
  leastBytes: 60_000,
  totalTimeout: 12 * 60 * 60 * 1000,
  attempts: 5,
  firstWait: 1000,
  longestWait: 30_000,
  longestRetryAfter: 120_000,
  unknownSize: 8 * 2 ** 30,
};

/** Returns the settings of a run: the defaults, overridden by its context. */
export function fetchSettings({ fetch }: Pick<RunContext, 'fetch'>): FetchSettings {
  return { ...defaults, ...fetch };
}
