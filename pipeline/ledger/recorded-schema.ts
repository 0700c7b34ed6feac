import { z } from 'zod';
import { entryField } from '../manifest/ledger-schema.ts';

/** Shape of what `pvdisc ledger add --format json` prints; keys are only ever added, `schemaVersion` counts other changes. */
export const ledgerAddSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    change: z
      .enum(['added', 'confirmed', 'known'])
      .describe('added: a new entry; confirmed: a second source for one; known: nothing that confirms it'),
    source: z
      .string()
      .describe('Who gave the bytes, after redirects: a host, or file: and the folder of a file on disk'),
    entry: entryField.describe('The entry as it is recorded now'),
  })
  .meta({ id: 'ledger-add', title: 'What pvdisc ledger add prints with --format json' });

/** What became of the ledger. */
export type Recorded = z.output<typeof ledgerAddSchema>;
