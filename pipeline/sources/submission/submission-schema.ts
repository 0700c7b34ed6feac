import * as z from 'zod';
import { folderField, sha256Field } from '../fields.ts';

/** Shape of the record of a cabinet that Microsoft is to sign, kept to check what comes back. */
export const submissionSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    release: z.string(),
    version: z.string(),
    arch: z.string(),
    cabinet: z.strictObject({ name: z.string(), sha256: sha256Field, size: z.int().min(1) }),
    folders: z
      .array(
        z.strictObject({
          folder: z.string().describe('Folder in the cabinet, one for each driver package'),
          paths: z
            .array(folderField.describe('As a/b'))
            .min(1)
            .describe('Folders of the disc that hold the package'),
          files: z
            .array(
              z.strictObject({
                name: z.string(),
                sha256: sha256Field,
                authenticode: sha256Field
                  .optional()
                  .describe('Of a binary: its digest without signatures, which Microsoft replaces'),
              }),
            )
            .min(1),
        }),
      )
      .min(1),
  })
  .meta({ id: 'submission', title: 'What pvdisc submission put into a cabinet for Microsoft' });

export type SubmissionRecord = z.output<typeof submissionSchema>;
export type SubmittedFolder = SubmissionRecord['folders'][number];
export type SubmittedFile = SubmittedFolder['files'][number];
