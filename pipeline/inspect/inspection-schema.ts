import { z } from 'zod';
import { digestField, driverFactsSchema, findingSchema, sizeField } from '../model/shared-schema.ts';

const file = z.strictObject({
  path: z.string(),
  sha256: digestField,
  size: sizeField,
  authenticode: z
    .strictObject({ sha1: z.string().regex(/^[0-9a-f]{40}$/), sha256: digestField })
    .optional()
    .describe('Authenticode digests of a PE file, which stay the same when it is signed anew'),
});

const problem = z.strictObject({ place: z.string(), message: z.string(), hint: z.string().optional() });

/** Shape of what `pvdisc inspect --format json` prints; keys are only ever added, `schemaVersion` counts other changes. */
export const inspectionSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    packages: z
      .array(
        driverFactsSchema.extend({ files: z.array(file).describe('The INF and the files that it names') }),
      )
      .describe('Every driver package, by the path of its INF'),
    files: z.array(file).describe('All files, sorted by path'),
    findings: z.array(findingSchema),
    problems: z.array(problem).describe('Files that cannot be read, such as a damaged INF'),
  })
  .meta({ id: 'inspection', title: 'What pvdisc inspect prints with --format json' });

export type Inspection = z.output<typeof inspectionSchema>;
export type InspectedFile = Inspection['files'][number];
export type InspectedPackage = Inspection['packages'][number];
