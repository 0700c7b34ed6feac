import type { RunContext } from './context.ts';

/** How patient a fetch is; milliseconds and bytes. */
export interface FetchSettings {
  /** Until a connection is there. */
  readonly connectTimeout: number;
  /** In every stretch of this length at least `leastBytes` must come. */
  readonly idleTimeout: number;
  readonly leastBytes: number;
  /** For all attempts at one address together. */
  readonly totalTimeout: number;
  /** At one address; one that brought a mebibyte or more does not count. */
  readonly attempts: number;
  /** The first wait between attempts; every next one is twice as long, up to `longestWait`. */
  readonly firstWait: number;
  readonly longestWait: number;
  /** A server that asks for more (Retry-After) is given up. */
  readonly longestRetryAfter: number;
  /** The most that is fetched of a file whose size is not known. */
  readonly unknownSize: number;
}

/** 12 hours bring the largest disc even at 20 kB/s, which upstream's server has been seen to give; 1000 bytes per second is git's limit too. */
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

/** Returns the settings of a run: those of its context before the usual ones. */
export function fetchSettings({ fetch }: Pick<RunContext, 'fetch'>): FetchSettings {
  return { ...defaults, ...fetch };
}
