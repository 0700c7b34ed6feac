import * as z from 'zod';
import { guarded } from '../system/guard.ts';
import { defineSource } from './define.ts';
import { folderField, pathField, sha256Field } from './fields.ts';
import { findPinnedFile } from './pinned-file.ts';
import { checkLocalSignature } from './signature/check.ts';
import { localSignatureField } from './signature/fields.ts';

/** An ISO on disk, read without root and without mounting it. */
export const iso = defineSource({
  type: 'iso',
  summary: 'an ISO on disk, such as an upstream disc; read without mounting it',
  schema: z.strictObject({
    type: z.literal('iso').describe('An ISO on disk'),
    path: pathField.describe("The ISO, from the release file's folder"),
    sha256: sha256Field.optional(),
    folder: folderField.optional(),
    signature: localSignatureField.optional(),
  }),
  tools: [],
  pin: ({ sha256 }): Record<string, string> => (sha256 === undefined ? {} : { sha256 }),
  open: (spec, request, context) =>
    guarded(request.place, context.signal, async () => {
      const { unpack } = await import('./archive/unpack.ts');
      const pinned = await findPinnedFile(spec, request, context);
      if (spec.signature !== undefined) {
        await checkLocalSignature(pinned, spec.signature, request, context);
      }
      return unpack(pinned, spec.folder, { formats: ['iso'], expected: 'an ISO' }, request, context);
    }),
});
