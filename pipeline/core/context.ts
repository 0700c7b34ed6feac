import type { KeyObject } from 'node:crypto';
import type { Reporter } from './reporter.ts';

/** The context of a run; made once by the command, never changed by a stage. */
export interface RunContext {
  /** A private folder for this run's own files, removed at its end; a build's is on the file system of the output. */
  readonly workDir: string;
  /** The shared cache of fetched sources, keyed by digest. */
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
  /** `--use`: source id to a path on disk that stands in for it. */
  readonly overrides: ReadonlyMap<string, string>;
  /** `--offline`: nothing may open a socket. */
  readonly offline?: boolean;
  /** How patient a fetch is, where it differs from the usual. */
  readonly fetch?: Partial<FetchSettings>;
}

/** The context of a run that checks a release. */
export interface ReleaseContext extends RunContext {
  /** Seconds since 1970 (UTC): the date of the release; absent where a check has none to go by. */
  readonly epoch?: number;
}

/** The context of a run that writes a release. */
export interface BuildContext extends ReleaseContext {
  /** The release in the making; it gets its final name when all of it is there. */
  readonly outputDir: string;
  /** The only date that goes into an output. */
  readonly epoch: number;
  /** Writes the detached signature of a file to a new one, where the release is to be signed. */
  readonly sign?: (file: string, signature: string) => Promise<void>;
  /** The private key that signs the provenance, where it is to be signed. */
  readonly attestKey?: KeyObject;
}

/** How patient a fetch is; milliseconds and bytes. */
export interface FetchSettings {
  /** Until a connection is there. */
  readonly connectTimeout: number;
  /** In every stretch of this length at least `leastBytes` must come. */
  readonly idleTimeout: number;
  readonly leastBytes: number;
  /** Limit for all attempts at one address together. */
  readonly totalTimeout: number;
  /** Attempts at one address; those that received at least 1 MiB do not count. */
  readonly attempts: number;
  /** The first wait between attempts; each further one is twice as long, up to `longestWait`. */
  readonly firstWait: number;
  readonly longestWait: number;
  /** A server that asks for more (Retry-After) is given up. */
  readonly longestRetryAfter: number;
  /** The most that is fetched of a file whose size is not known. */
  readonly unknownSize: number;
}
