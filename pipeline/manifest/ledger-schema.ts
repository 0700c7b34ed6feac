import * as z from 'zod';
import { sha256Field, urlField } from '../sources/fields.ts';

/** Name of an upstream release. */
export const releaseField = z
  .string()
  .regex(/^\d+\.\d+\.\d+(?:-\d+)?$/, 'must be a release such as 0.1.285-1')
  .describe('Upstream release with its build, such as 0.1.285-1; without one where it is not known');
/** Where a disc can be fetched. */
export const addressField = urlField(['https', 'http', 'file']);
const seen = z.array(z.string().min(1)).min(1);

/** One disc of the ledger. */
export const entryField = z.strictObject({
  release: releaseField,
  url: addressField.optional().describe('Where upstream has it; absent when that is not known'),
  mirrors: z
    .array(addressField)
    .min(1)
    .optional()
    .describe('Where else it is, in the order in which they are tried'),
  sha256: sha256Field,
  size: z.int().min(1).optional().describe('Size of the file in bytes; absent when it is not recorded'),
  md5: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hexadecimal digits')
    .optional()
    .describe('md5 as published, to compare with old lists; proves nothing'),
  confidence: z
    .enum(['confirmed', 'single'])
    .describe('confirmed: independent sources agree on the digest; single: one source is known'),
  seen: seen.describe('Who recorded this digest, and what else was seen of it'),
  note: z.string().min(1).optional().describe('What a reader should know'),
});

const mislabelled = z.strictObject({
  sha256: sha256Field,
  release: releaseField.describe('The release that the file is'),
  calledRelease: releaseField.describe('The release that it is mistaken for'),
  seen: seen.describe('Where it is mistaken for that release'),
});

/** Shape of `drivers-manifest/ledger.yaml`: the upstream discs whose digests are known. */
export const ledgerSchema = z
  .strictObject({
    source: addressField.optional().describe('Where upstream lists its releases, for pvdisc watch'),
    releases: z.array(entryField).describe('Known upstream discs, the newest first'),
    mislabelled: z
      .array(mislabelled)
      .default([])
      .describe('Discs that are known to go about under the name of another release'),
  })
  .meta({ id: 'ledger', title: 'Known upstream releases with digest and size' });

export type Ledger = z.output<typeof ledgerSchema>;
export type LedgerEntry = Ledger['releases'][number];
