import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { maxDriverFileBytes } from '../core/limits.ts';
import { readVolumeHead } from '../formats/iso9660/index.ts';
import type { LedgerEntry } from '../manifest/ledger-schema.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import { upstreamDiscId } from '../manifest/upstream-disc.ts';
import type { CollectedFile, CollectedTree, DiscFile } from '../model/driver-tree.ts';
import { unpack } from '../sources/archive/unpack.ts';
import { obtainFile } from '../sources/http.ts';
import { sourcePin } from '../sources/open.ts';
import { readHead } from '../system/files.ts';
import { guarded } from '../system/guard.ts';
import { packageTree } from './undescribed-tree.ts';

/** Obtains the disc of a passthrough release by the ledger's digest, and reads its content as `pvdisc inspect` does. */
export async function collectUpstreamDisc(
  manifest: Manifest,
  { confidence, seen, release }: LedgerEntry,
  context: RunContext,
): Promise<CollectedTree> {
  const spec = manifest.release.sources[upstreamDiscId];
  if (spec?.type !== 'http') throw new Error('withUpstreamDisc gives a passthrough release its disc');
  if (confidence === 'single')
    context.reporter.note(`${release}: its sha256 is known from one source only: ${seen.join(', ')}`);
  const scratch = join(context.workDir, 'sources', upstreamDiscId);
  await mkdir(scratch, { recursive: true });
  const override = context.overrides.get(upstreamDiscId);
  const place = releasePlace(manifest, 'passthrough', 'release');
  const request = {
    id: upstreamDiscId,
    place,
    baseDir: dirname(manifest.releaseFile.file),
    scratch,
    skip: () => false,
    limits: spec.limits,
    ...(override !== undefined && { override }),
  };
  return guarded(place, context.signal, async () => {
    const disc = await obtainFile(spec, request, context);
    const source = await unpack(disc, undefined, { formats: ['iso'], expected: 'an ISO' }, request, context);
    const { tree, problems } = await packageTree(source, manifest, context);
    const content = { file: disc.file, sha256: spec.sha256, size: disc.size };
    return {
      ...tree,
      files: tree.files.map(fromDisc),
      sources: [
        {
          id: upstreamDiscId,
          type: spec.type,
          pin: sourcePin(spec),
          files: { shipped: tree.files.length, leftOut: 0, ignored: 0 },
        },
      ],
      upstream: { content, label: readVolumeHead(await readHead(disc.file)).label, unreadable: problems },
    };
  });
}

/** Guest agent, installers and the like are not driver files, like the `files` of a release. */
function fromDisc(file: DiscFile): CollectedFile {
  const isDriverFile = file.role !== 'extra' || /\.(sys|dll|exe|cat)$/i.test(file.path);
  const isRead = isDriverFile && file.content.size <= maxDriverFileBytes;
  return {
    ...file,
    origin: { source: upstreamDiscId, path: file.path },
    role: isRead ? file.role : 'companion',
  };
}
