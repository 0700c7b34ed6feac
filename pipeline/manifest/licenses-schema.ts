import * as z from 'zod';
import { globField } from './glob-field.ts';

/** Each glob is matched with each file at once, without a pause for signals: 20 of 64 characters take three seconds for a thousand long names. */
const maxLicenses = 20;
const maxLicenseGlobLength = 64;

const fileLicense = z.strictObject({
  file: globField.max(maxLicenseGlobLength).describe('Glob over file names on the disc'),
  license: z
    .string()
    .min(1)
    .describe('SPDX id or LicenseRef; its text is drivers-manifest/licenses/<id>.txt'),
  what: z.string().min(1).describe('What these files are'),
});

/** Shape of `drivers-manifest/licenses.yaml`: files that come with drivers and have another licence than these. */
export const licensesSchema = z
  .strictObject({ files: z.array(fileLicense).max(maxLicenses) })
  .meta({ id: 'licenses', title: 'Files with another licence than their driver' });

export type FileLicense = z.output<typeof fileLicense>;
