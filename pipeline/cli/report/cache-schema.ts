import { z } from 'zod';

/** Shape of what `pvdisc cache list` and `prune` print with `--format json`; keys are only ever added, `schemaVersion` counts other changes. */
export const cacheSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    folder: z.string().describe('The cache folder'),
    size: z.int().min(0).describe('Bytes of all items together'),
    items: z
      .array(
        z.strictObject({
          kind: z
            .enum(['file', 'partial', 'git', 'signature', 'leftover'])
            .describe('partial: a download that broke off; leftover: of a run that was killed'),
          path: z.string().describe('From the cache folder, / between names'),
          size: z.int().min(0).describe('Bytes'),
          used: z.iso.datetime().describe('Date of its last use'),
          origin: z.string().optional().describe('Address that a partial is of, where that is known'),
        }),
      )
      .describe('What lies in the cache; of prune, what was removed'),
  })
  .meta({ id: 'cache', title: 'What pvdisc cache list and prune print with --format json' });

export type CacheReport = z.output<typeof cacheSchema>;
