import type { RunContext } from '../../core/context.ts';
import { PipelineError } from '../../core/errors.ts';

/** What would have to be fetched: its addresses, the place in the manifest, and what a person can do instead. */
export interface Unreachable {
  readonly urls: readonly string[];
  readonly place: string;
  readonly instead: string;
}

/** Throws when a run may open no socket and something that is not in the cache lies elsewhere than on this machine's disk. */
export function requireReachable(
  { urls, place, instead }: Unreachable,
  { offline, cacheDir }: Pick<RunContext, 'offline' | 'cacheDir'>,
): void {
  if (!offline || urls.every((url) => url.startsWith('file:'))) return;
  throw new PipelineError('network', {
    place,
    message: `${urls[0]}: is not in the cache (${cacheDir}), and --offline forbids to fetch it`,
    hint: `${instead}, or run it once without --offline to fill the cache`,
  });
}
