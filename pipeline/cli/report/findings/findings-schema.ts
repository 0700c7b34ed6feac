import { z } from 'zod';
import { findingSchema } from '../../../model/shared-schema.ts';

/** Shape of what `pvdisc check --format json` prints; keys are only ever added, `schemaVersion` counts other changes. */
export const findingsSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    findings: z.array(findingSchema).describe('Sorted by path, line and rule'),
    problems: z
      .array(
        z.strictObject({
          place: z.string(),
          message: z.string(),
          hint: z.string().optional(),
          rule: z.string().optional(),
        }),
      )
      .optional()
      .describe('Entries of the release under "accept" and "repair" that do nothing; they stop a build too'),
  })
  .meta({ id: 'findings', title: 'What pvdisc check prints with --format json' });

export type FindingsDocument = z.output<typeof findingsSchema>;
