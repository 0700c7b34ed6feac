import { z } from 'zod';
import { findingSchema } from '../../../model/shared-schema.ts';

/** JSON output of `pvdisc check --format json`. It stays compatible: keys are only added, other changes increment `schemaVersion`. */
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
      .describe('Entries under "accept" and "repair" of the release that have no effect; they stop a build'),
  })
  .meta({ id: 'findings', title: 'Output of pvdisc check with --format json' });

export type FindingsDocument = z.output<typeof findingsSchema>;
