import { z } from 'zod';
import { entryField } from '../manifest/ledger-schema.ts';
import { sha256Field } from '../sources/fields.ts';

/** Shape of what `pvdisc ledger check --format json` prints; keys are only ever added, `schemaVersion` counts other changes. */
export const ledgerCheckSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    file: z.string().describe('The file as it was named'),
    sha256: sha256Field,
    size: z.int().min(0).describe('Size of the file in bytes'),
    label: z.string().optional().describe('Volume label, of an ISO'),
    volumeSize: z
      .int()
      .optional()
      .describe('Bytes of the volume, as an ISO says itself; a smaller file is cut off'),
    title: z.string().optional().describe('Title, of a web page; may be empty'),
    namedVersion: z.string().optional().describe('Upstream version that its name has, such as 0.1.285'),
    namedRelease: z
      .string()
      .optional()
      .describe('The same with the build, such as 0.1.285-1, where its name has one'),
    labelVersion: z.string().optional().describe('Upstream version that its label has'),
    verdict: z
      .enum(['known', 'mislabelled', 'altered', 'web-page', 'unknown'])
      .describe(
        'known: a release under its own name; mislabelled: one under the name of another; altered: passes for one and has other bytes',
      ),
    release: z.string().optional().describe('The release that it is or passes for'),
    confidence: entryField.shape.confidence.optional(),
    reasons: z.array(z.string()).describe('Facts behind the verdict, for people'),
  })
  .meta({ id: 'ledger-check', title: 'What pvdisc ledger check prints with --format json' });

/** What the ledger knows of a file. */
export type LedgerVerdict = z.output<typeof ledgerCheckSchema>;
/** What a file is by its own bytes and name, before anything is compared. */
export type FileTraits = Omit<
  LedgerVerdict,
  'schemaVersion' | 'verdict' | 'release' | 'confidence' | 'reasons'
>;
