import * as z from 'zod';
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

/** What an INF installs on the Windows of its folder; lists in the order of the INF. */
export const installSchema = z.strictObject({
  services: z.array(
    z.strictObject({
      name: z.string().describe('Empty for a device without a driver (null driver)'),
      function: z.boolean().describe('Whether it is the function driver of the device'),
      start: z.int().optional().describe('0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled'),
      type: z.int().optional(),
      errorControl: z.int().optional(),
      binary: z.string().optional().describe('As written, with its directory number'),
      loadOrderGroup: z.string().optional(),
    }),
  ),
  registry: z
    .array(
      z.strictObject({
        of: z
          .string()
          .describe('What the entry belongs to and HKR stands for: driver, device, service NAME …'),
        key: z.string().describe('Root and subkey'),
        name: z.string().describe('Name of the value'),
        value: z.string().optional().describe('Type and data; absent for what DelReg deletes'),
      }),
    )
    .describe('At most 10,000 entries'),
  files: z.array(
    z.strictObject({
      source: z.string().describe('Name of the file in the package'),
      target: z
        .string()
        .describe('Path on the guest, in lower case; the name alone where its folder is not known'),
    }),
  ),
});

const problem = z.strictObject({ place: z.string(), message: z.string(), hint: z.string().optional() });

/** What an INF installs, as inspections hold it. */
export type InstallFacts = z.output<typeof installSchema>;

/** JSON output of `pvdisc inspect --format json`. It stays compatible: keys are only added, other changes increment `schemaVersion`. */
export const inspectionSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    packages: z
      .array(
        driverFactsSchema.extend({
          files: z.array(file).describe('The INF and the files it names'),
          missing: z
            .array(z.string())
            .optional()
            .describe('Files that the INF names and its folder lacks, as written in the INF'),
          install: installSchema.optional().describe('What the INF installs on this Windows'),
        }),
      )
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
