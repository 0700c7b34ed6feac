import * as z from 'zod';
import { baselineSchema } from '../../../model/baseline.ts';
import { findingSchema, loadSummarySchema } from '../../../model/shared-schema.ts';

/** JSON output of `pvdisc check --format json`. It stays compatible: keys are only added, other changes increment `schemaVersion`. */
export const findingsSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    findings: z
      .array(
        findingSchema.extend({
          new: z.boolean().optional().describe('Whether the baseline lacks it; absent without a baseline'),
        }),
      )
      .describe('Sorted by path, line and rule'),
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
    loads: loadSummarySchema.optional(),
    baseline: z
      .strictObject({
        name: z.string().describe('As given with --baseline'),
        gone: baselineSchema.shape.findings.describe('Entries that no finding matches any more'),
      })
      .optional(),
  })
  .meta({ id: 'findings', title: 'Output of pvdisc check with --format json' });

export type FindingsDocument = z.output<typeof findingsSchema>;
