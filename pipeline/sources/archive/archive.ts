import * as z from 'zod';
import { guarded } from '../../system/guard.ts';
import { tools } from '../../system/tools.ts';
import { defineSource } from '../define.ts';
import { folderField, pathField, sha256Field } from '../fields.ts';
import { findPinnedFile } from '../pinned-file.ts';
import { checkLocalSignature } from '../signature/check.ts';
import { localSignatureField } from '../signature/fields.ts';

/** A zip or tar on disk, unpacked into the scratch folder. */
export const archive = defineSource({
  type: 'archive',
  summary: 'a .zip, .tar, .tar.gz, .tar.xz or .tar.zst on disk',
  schema: z.strictObject({
    type: z.literal('archive').describe('A .zip, .tar, .tar.gz, .tar.xz or .tar.zst on disk'),
    path: pathField.describe(
      "The archive, from the release file's folder; the format is detected from its content, not its name",
    ),
    sha256: sha256Field.optional(),
    folder: folderField.optional(),
    signature: localSignatureField.optional(),
  }),
  tools: [tools.xz, tools.zstd],
  pin: ({ sha256 }): Record<string, string> => (sha256 === undefined ? {} : { sha256 }),
  open: (spec, request, context) =>
    guarded(request.place, context.signal, async () => {
      const { archiveFormats, unpack } = await import('./unpack.ts');
      const pinned = await findPinnedFile(spec, request, context);
      if (spec.signature !== undefined) {
        await checkLocalSignature(pinned, spec.signature, request, context);
      }
      const accepted = { formats: archiveFormats, expected: 'a zip or tar archive' };
      return unpack(pinned, spec.folder, accepted, request, context);
    }),
});
