import * as z from 'zod';
import { entryField } from '../manifest/ledger-schema.ts';

/** JSON output of `pvdisc ledger add --format json`. It stays compatible: keys are only added, other changes increment `schemaVersion`. */
export const ledgerAddSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    change: z
      .enum(['added', 'confirmed', 'known'])
      .describe('added: a new entry; confirmed: a second source of an entry; known: no new source'),
    source: z.string().describe('The server that sent the bytes, after redirects; file: for a local file'),
    entry: entryField.describe('The entry as recorded now'),
  })
  .meta({ id: 'ledger-add', title: 'Output of pvdisc ledger add with --format json' });

export type Recorded = z.output<typeof ledgerAddSchema>;
