import { z } from 'zod';
import type { Ledger } from '../manifest/ledger-schema.ts';
import { byRelease } from './release-order.ts';

/** Shape of what `pvdisc watch --format json` prints; keys are only ever added, `schemaVersion` counts other changes. */
export const watchSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    source: z
      .string()
      .describe("Where upstream lists its releases, the ledger's unless --source names another"),
    newest: z.strictObject({
      listed: z.string().describe('Newest release that upstream lists'),
      recorded: z.string().optional().describe('Newest release of the ledger'),
      built: z.string().optional().describe('Newest release that is built, where --built names a folder'),
    }),
    unrecorded: z.array(z.string()).describe('Listed and newer than any of the ledger, the newest first'),
    unbuilt: z
      .array(z.string())
      .describe(
        'Recorded, listed and newer than any that is built, the newest first; the newest alone where none is; empty without --built',
      ),
    news: z.boolean().describe('Whether there is something to do; the exit code is 10 then'),
  })
  .meta({ id: 'watch', title: 'What pvdisc watch prints with --format json' });

export type WatchResult = z.output<typeof watchSchema>;

/** What upstream lists, and what is built where that is asked. */
export interface Known {
  readonly source: string;
  readonly listed: readonly string[];
  readonly built: readonly string[] | undefined;
}

/** Compares what upstream lists with the ledger and with what is built; releases older than those that are known are no news. */
export function compareReleases({ releases }: Ledger, { source, listed, built }: Known): WatchResult {
  const recorded = releases.map(({ release }) => release);
  const newer = (than: readonly string[]) => {
    const newest = newestOf(than);
    return listed.filter((release) => newest === undefined || byRelease(release, newest) > 0);
  };
  const unrecorded = newer(recorded);
  const known = listed.filter((release) => recorded.includes(release));
  const unbuilt =
    built?.length === 0
      ? [newestOf(known) ?? []].flat()
      : known.filter((release) => newer(built ?? known).includes(release));
  const [newestRecorded, newestBuilt] = [newestOf(recorded), newestOf(built ?? [])];
  return {
    schemaVersion: 1,
    source,
    newest: {
      listed: newestOf(listed) ?? '',
      ...(newestRecorded !== undefined && { recorded: newestRecorded }),
      ...(newestBuilt !== undefined && { built: newestBuilt }),
    },
    unrecorded: unrecorded.toSorted(byRelease).reverse(),
    unbuilt: unbuilt.toSorted(byRelease).reverse(),
    news: unrecorded.length > 0 || unbuilt.length > 0,
  };
}

function newestOf(releases: readonly string[]): string | undefined {
  return releases.toSorted(byRelease).at(-1);
}
