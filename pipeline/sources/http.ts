import { join } from 'node:path';
import { z } from 'zod';
import type { RunContext } from '../context.ts';
import { defineSource, type SourceRequest } from '../define.ts';
import { cached } from '../host/cache.ts';
import { hashFile } from '../host/files.ts';
import { tools } from '../host/tools.ts';
import { type Download, download } from './download.ts';
import { folderField, sha256Field, urlField } from './fields.ts';
import { guarded } from './guard.ts';
import { findPinnedFile, type PinnedFile } from './pinned-file.ts';

/** An archive or ISO from the web, kept in the cache by its digest. */
export const http = defineSource({
  type: 'http',
  summary: 'an archive or ISO from the web, pinned by sha256 and size',
  schema: z.strictObject({
    type: z.literal('http').describe('An archive or ISO from the web'),
    url: urlField(['https', 'http']).describe('Where the file is'),
    sha256: sha256Field,
    size: z.int().min(1).describe('Size of the file in bytes'),
    folder: folderField.optional(),
  }),
  tools: [tools.xz, tools.zstd, tools.xorriso],
  pin: ({ url, sha256, size }) => ({ url, sha256, size: String(size) }),
  open: (spec, request, context) =>
    guarded(request.place, context.signal, async () => {
      const { archiveFormats, unpack } = await import('./unpack/unpack.ts');
      const pinned =
        request.override === undefined
          ? await fetchCached(spec, request, context)
          : await findPinnedFile({ ...spec, path: request.override }, request, context);
      const accepted = { formats: [...archiveFormats, 'iso' as const], words: 'an archive or ISO' };
      return unpack(pinned, spec.folder, accepted, request, context);
    }),
});

async function fetchCached(
  { url, sha256, size }: Pick<Download, 'url' | 'sha256' | 'size'>,
  request: SourceRequest,
  context: RunContext,
): Promise<PinnedFile> {
  const subject = { place: request.place, name: url };
  const file = await cached({
    path: join(context.cacheDir, 'sha256', sha256),
    isWhole: async (path) => (await hashFile(path, context.signal)).sha256 === sha256,
    fill: (temporary) => download({ url, sha256, size, subject, item: request.id, file: temporary }, context),
    onDamage: () =>
      context.reporter.note(`${request.id}: the copy in the cache is damaged and is fetched again`),
  });
  return { file, subject, size };
}
