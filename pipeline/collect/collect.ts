import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { defineStage } from '../core/stage.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import type { DiscFile, DriverTree, SourceRecord } from '../model/driver-tree.ts';
import type { SourceTree } from '../sources/define.ts';
import { openSource, sourcePin } from '../sources/open.ts';
import { requireClosedWorld } from './closed-world.ts';
import { hashFiles } from './hash.ts';
import { type VisibleTree, withoutIgnored } from './ignored.ts';
import { planDisc } from './plan.ts';
import { repairFiles } from './repair.ts';
import { indexSource } from './source-index.ts';
import { isLeftOut, isOnDisc, symbolsDiscFiles } from './symbols.ts';
import { collectUpstreamDisc } from './upstream-disc.ts';

/** Opens the release's sources, finds each driver's files by what its INFs say, and hashes all that goes on the disc; reads the disc of a passthrough release as it is. */
export const collect = defineStage({
  name: 'collect',
  run: async (manifest: Manifest, context: RunContext): Promise<DriverTree> => {
    if (manifest.upstream !== undefined) return collectUpstreamDisc(manifest, manifest.upstream, context);
    const trees = await openSources(manifest, context);
    const visible = withoutIgnored(manifest, trees);
    const sources = visible.map(({ id, tree }) => indexSource(id, tree));
    const plan = await planDisc(manifest, sources);
    requireClosedWorld(manifest, sources, plan);
    const shipped = plan.files.filter(({ file }) => !isLeftOut(manifest, file.path));
    const hashed = await hashFiles(shipped, trees, context);
    const { files, repairs } = await repairFiles(
      manifest,
      { files: hashed.filter(({ path }) => isOnDisc(manifest, path)), packages: plan.packages },
      context,
    );
    const symbols = symbolsDiscFiles(manifest, hashed);
    return {
      files,
      symbols,
      repairs,
      packages: plan.packages,
      missingExtras: plan.missingExtras,
      unnamed: plan.unnamed,
      sources: visible.map((tree) => sourceRecord(manifest, tree, [...files, ...symbols])),
    };
  },
});

async function openSources(manifest: Manifest, context: RunContext): Promise<Map<string, SourceTree>> {
  const trees = new Map<string, SourceTree>();
  const missing: Problem[] = [];
  const specs = Object.entries(manifest.release.sources).sort(([a], [b]) => byCodeUnit(a, b));
  for (const [id, spec] of specs) {
    context.reporter.progress({ item: id });
    const scratch = join(context.workDir, 'sources', id);
    await mkdir(scratch, { recursive: true });
    const override = context.overrides.get(id);
    const request = {
      id,
      place: releasePlace(manifest, 'sources', id),
      baseDir: dirname(manifest.releaseFile.file),
      scratch,
      skip: (path: string) => isLeftOut(manifest, path),
      ...(override !== undefined && { override }),
    };
    try {
      trees.set(id, await openSource(spec, request, context));
    } catch (error) {
      if (!isMissingOffline(error, context)) throw error;
      missing.push(...error.problems);
    }
  }
  if (missing.length > 0) throw new PipelineError('network', missing);
  return trees;
}

/** Without a network a person wants to know of every source that is missing, not of the first one. */
function isMissingOffline(error: unknown, { offline }: RunContext): error is PipelineError {
  return offline === true && error instanceof PipelineError && error.kind === 'network';
}

function sourceRecord(
  manifest: Manifest,
  { id, tree, ignored }: VisibleTree,
  files: readonly DiscFile[],
): SourceRecord {
  const spec = manifest.release.sources[id];
  if (spec === undefined) throw new Error(`no source ${id}`);
  const shipped = new Set(files.filter(({ origin }) => origin.source === id).map(({ origin }) => origin.path))
    .size;
  return {
    id,
    type: spec.type,
    pin: sourcePin(spec),
    files: { shipped, leftOut: tree.files.length - shipped, ignored },
  };
}
