import { z } from 'zod';
import {
  digestField,
  driverFactsSchema,
  findingSchema,
  loadSummarySchema,
  sizeField,
} from '../model/shared-schema.ts';

const file = z.strictObject({
  path: z.string(),
  sha256: digestField,
  size: sizeField,
  authenticode: z
    .strictObject({ sha1: z.string().regex(/^[0-9a-f]{40}$/), sha256: digestField })
    .optional()
    .describe('Authenticode digests of a PE file; signing it again does not change them'),
});

const problem = z.strictObject({ place: z.string(), message: z.string(), hint: z.string().optional() });

/** JSON output of `pvdisc inspect --format json`. It stays compatible: keys are only added, other changes increment `schemaVersion`. */
export const inspectionSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    packages: z
      .array(driverFactsSchema.extend({ files: z.array(file).describe('The INF and the files it names') }))
      .describe('All driver packages, sorted by the path of the INF'),
    files: z.array(file).describe('All files, sorted by path'),
    findings: z.array(findingSchema),
    problems: z.array(problem).describe('Unreadable files, such as damaged INFs'),
    loads: loadSummarySchema.optional(),
  })
  .meta({ id: 'inspection', title: 'Output of pvdisc inspect with --format json' });

export type Inspection = z.output<typeof inspectionSchema>;
export type InspectedFile = Inspection['files'][number];
export type InspectedPackage = Inspection['packages'][number];
