import * as z from 'zod';
import { entryField } from '../manifest/ledger-schema.ts';
import { sha256Field } from '../sources/fields.ts';

/** JSON output of `pvdisc ledger check --format json`. It stays compatible: keys are only added, other changes increment `schemaVersion`. */
export const ledgerCheckSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    file: z.string().describe('The file as given on the command line'),
    sha256: sha256Field,
    size: z.int().min(0).describe('Size of the file in bytes'),
    label: z.string().optional().describe('Volume label of an ISO'),
    volumeSize: z
      .int()
      .optional()
      .describe('Size of the volume according to the ISO, in bytes; a smaller file is truncated'),
    title: z.string().optional().describe('Title of a web page; may be empty'),
    namedVersion: z.string().optional().describe('Upstream version in the file name, such as 0.1.285'),
    namedRelease: z
      .string()
      .optional()
      .describe('The version with the build, such as 0.1.285-1, if the file name has it'),
    labelVersion: z.string().optional().describe('Upstream version in the volume label'),
    verdict: z
      .enum(['known', 'mislabelled', 'altered', 'web-page', 'unknown'])
      .describe(
        'known: a release under its own name; mislabelled: a release under the name of another; altered: resembles a release but has different bytes',
      ),
    release: z.string().optional().describe('The release that the file is or resembles'),
    confidence: entryField.shape.confidence.optional(),
    reasons: z.array(z.string()).describe('Reasons for the verdict, as text'),
  })
  .meta({ id: 'ledger-check', title: 'Output of pvdisc ledger check with --format json' });

export type LedgerVerdict = z.output<typeof ledgerCheckSchema>;
/** Properties of a file, read from its bytes and name. */
export type FileTraits = Omit<
  LedgerVerdict,
  'schemaVersion' | 'verdict' | 'release' | 'confidence' | 'reasons'
>;
