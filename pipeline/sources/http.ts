import * as z from 'zod';
import type { RunContext } from '../core/context.ts';
import { guarded } from '../system/guard.ts';
import { tools } from '../system/tools.ts';
import { defineSource, type SourceRequest } from './define.ts';
import { fetchPinned } from './fetch/download.ts';
import { folderField, sha256Field, urlField } from './fields.ts';
import { expectedKind, findPinnedFile, type PinnedFile } from './pinned-file.ts';
import { checkWebSignature } from './signature/check.ts';
import { webSignatureField } from './signature/fields.ts';

const address = urlField(['https', 'http', 'file']);

const schema = z.strictObject({
  type: z.literal('http').describe('An archive or ISO from the web'),
  url: address.describe('Address of the file'),
  mirrors: z.array(address).min(1).optional().describe('Other addresses of the file, tried in this order'),
  sha256: sha256Field,
  size: z.int().min(1).describe('Size of the file in bytes'),
  folder: folderField.optional(),
  signature: webSignatureField.optional(),
});
type HttpSpec = z.output<typeof schema>;

/** An archive or ISO from the web, kept in the cache by its digest. */
export const http = defineSource({
  type: 'http',
  summary: 'an archive or ISO from the web, pinned by sha256 and size',
  schema,
  tools: [tools.xz, tools.zstd],
  pin: ({ url, sha256, size }): Record<string, string> => ({
    ...(!url.startsWith('file:') && { url }),
    sha256,
    size: String(size),
  }),
  open: (spec, request, context) =>
    guarded(request.place, context.signal, async () => {
      const { archiveFormats, unpack } = await import('./archive/unpack.ts');
      const pinned = await obtainFile(spec, request, context);
      const accepted = { formats: [...archiveFormats, 'iso' as const], expected: 'an archive or ISO' };
      return unpack(pinned, spec.folder, accepted, request, context);
    }),
});

/** Returns the source's file, without opening it, from `--use`, the cache or the web; checks its size, digest and signature. */
export async function obtainFile(
  spec: Omit<HttpSpec, 'type' | 'folder'>,
  request: SourceRequest,
  context: RunContext,
): Promise<PinnedFile> {
  const { url, mirrors = [], sha256, signature } = spec;
  const urls = [url, ...mirrors] as const;
  const pinned =
    request.override === undefined
      ? await fetchSource(spec, urls, request, context)
      : await findPinnedFile({ ...spec, path: request.override }, request, context);
  if (signature !== undefined) {
    await checkWebSignature(pinned, { urls, sha256 }, signature, request, context);
  }
  return pinned;
}

async function fetchSource(
  { url, sha256, size }: Pick<HttpSpec, 'url' | 'sha256' | 'size'>,
  urls: readonly [string, ...string[]],
  { place, id }: SourceRequest,
  context: RunContext,
): Promise<PinnedFile> {
  const wanted = {
    urls,
    expected: expectedKind(url),
    place,
    item: id,
    instead: `give the file from disk with --use ${id}=PATH`,
  };
  const file = await fetchPinned(wanted, { sha256, size }, context);
  return { file, subject: { place, name: url }, size };
}
