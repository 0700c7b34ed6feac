import { z } from 'zod';
import type { RunContext } from '../context.ts';
import { defineSource, type SourceRequest } from '../define.ts';
import { tools } from '../host/tools.ts';
import { fetchPinned } from './fetch/fetch-file.ts';
import { folderField, sha256Field, urlField } from './fields.ts';
import { guarded } from './guard.ts';
import { findPinnedFile, type PinnedFile } from './pinned-file.ts';
import { archiveFormats, unpack } from './unpack/unpack.ts';
import { expectedKind } from './verify-pin.ts';

const address = urlField(['https', 'http', 'file']);

const schema = z.strictObject({
  type: z.literal('http').describe('An archive or ISO from the web'),
  url: address.describe('Where the file is'),
  mirrors: z
    .array(address)
    .min(1)
    .optional()
    .describe('Where else it is, in the order in which they are tried'),
  sha256: sha256Field,
  size: z.int().min(1).describe('Size of the file in bytes'),
  folder: folderField.optional(),
});
type HttpSpec = z.output<typeof schema>;

/** An archive or ISO from the web, kept in the cache by its digest. */
export const http = defineSource({
  type: 'http',
  summary: 'an archive or ISO from the web, pinned by sha256 and size',
  schema,
  tools: [tools.xz, tools.zstd, tools.xorriso],
  pin: ({ url, sha256, size }): Record<string, string> => ({
    ...(!url.startsWith('file:') && { url }),
    sha256,
    size: String(size),
  }),
  open: (spec, request, context) =>
    guarded(request.place, context.signal, async () => {
      const pinned = await obtainFile(spec, request, context);
      const accepted = { formats: [...archiveFormats, 'iso' as const], words: 'an archive or ISO' };
      return unpack(pinned, spec.folder, accepted, request, context);
    }),
});

/** Returns the very file of the source, unopened: from `--use`, the cache or the web, its size and digest checked. */
export async function obtainFile(
  spec: Omit<HttpSpec, 'type' | 'folder'>,
  request: SourceRequest,
  context: RunContext,
): Promise<PinnedFile> {
  if (request.override !== undefined) {
    return findPinnedFile({ ...spec, path: request.override }, request, context);
  }
  const { url, mirrors = [], sha256, size } = spec;
  const wanted = {
    urls: [url, ...mirrors] as const,
    words: expectedKind(url),
    place: request.place,
    item: request.id,
    instead: 'give the file from disk with --use ID=PATH',
  };
  const file = await fetchPinned(wanted, { sha256, size }, context);
  return { file, subject: { place: request.place, name: url }, size };
}
