import * as z from 'zod';

/** JSON output of `pvdisc cache list` and `prune`. It stays compatible: keys are only added, other changes increment `schemaVersion`. */
export const cacheSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    folder: z.string().describe('The cache folder'),
    size: z.int().min(0).describe('Total bytes of all items'),
    items: z
      .array(
        z.strictObject({
          kind: z
            .enum(['file', 'partial', 'git', 'signature', 'leftover'])
            .describe('partial: interrupted download; leftover: temporary files of a killed run'),
          path: z.string().describe('Path relative to the cache folder, separated by /'),
          size: z.int().min(0).describe('Bytes'),
          used: z.iso.datetime().describe('Date of its last use'),
          origin: z.string().optional().describe('URL of an interrupted download, if known'),
        }),
      )
      .describe('Items in the cache, or the items that prune removed'),
  })
  .meta({ id: 'cache', title: 'Output of pvdisc cache list and prune with --format json' });

export type CacheReport = z.output<typeof cacheSchema>;
