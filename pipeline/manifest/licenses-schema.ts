import { z } from 'zod';
import { globField, maxGlobs } from './glob-field.ts';

const fileLicense = z.strictObject({
  file: globField.describe('Glob over file names on the disc'),
  license: z
    .string()
    .min(1)
    .describe('SPDX id or LicenseRef; its text is drivers-manifest/licenses/<id>.txt'),
  what: z.string().min(1).describe('What these files are'),
});

/** Shape of `drivers-manifest/licenses.yaml`: files that come with drivers and have another licence than these. */
export const licensesSchema = z
  .strictObject({ files: z.array(fileLicense).max(maxGlobs) })
  .meta({ id: 'licenses', title: 'Files with another licence than their driver' });

export type FileLicense = z.output<typeof fileLicense>;
