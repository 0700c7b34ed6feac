import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import pMap from 'p-map';
import type { Content, StoredBytes } from '../core/content.ts';
import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { globMatcher } from '../core/paths.ts';
import { defineStage } from '../core/stage.ts';
import { fewOfAKind } from '../manifest/few-problems.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { asksFor } from '../manifest/names.ts';
import { releasePlace } from '../manifest/read.ts';
import {
  besideInfs,
  type CollectedFile,
  type CollectedTree,
  type SourceRecord,
} from '../model/driver-tree.ts';
import { type SourceFile, type SourceTree, storedBytes } from '../sources/define.ts';
import { openSource, sourcePin } from '../sources/open.ts';
import { toolRoot } from '../system/own.ts';
import { hashStored, storedKey } from '../system/stored-bytes.ts';
import { type DiscPlan, type PlannedFile, planDisc } from './plan.ts';
import { repairFiles } from './repair.ts';
import { indexSource, type SourceIndex } from './source-index.ts';
import { collectUpstreamDisc } from './upstream-disc.ts';

/** Opens the release's sources, finds each driver's files from its INFs, and hashes everything for the disc; reads the disc of a passthrough release unchanged. */
export const collect = defineStage({
  name: 'collect',
  run: async (manifest: Manifest, context: RunContext): Promise<CollectedTree> => {
    if (manifest.upstream !== undefined) return collectUpstreamDisc(manifest, manifest.upstream, context);
    const trees = await openSources(manifest, context);
    const visible = await withoutIgnored(manifest, trees, context.signal);
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

/** Offline, reports every missing source, not only the first one. */
function isMissingOffline(error: unknown, { offline }: RunContext): error is PipelineError {
  return offline === true && error instanceof PipelineError && error.kind === 'network';
}

function sourceRecord(
  manifest: Manifest,
  { id, tree, ignored }: VisibleTree,
  files: readonly CollectedFile[],
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

/**
 * Throws one error that names every unclaimed file of the sources (every file is shipped or ignored). If all of them are `unnamed`
 * files of drivers, leaves them to the rule `inf/unnamed-file`, beside the findings about the INFs.
 */
function requireClosedWorld(
  manifest: Manifest,
  sources: readonly SourceIndex[],
  { claimed, unnamed }: Pick<DiscPlan, 'claimed' | 'unnamed'>,
): void {
  const besides = new Map(unnamed.map(({ origin, infs }) => [placeOf(origin.source, origin.path), infs]));
  const unclaimed = sources.flatMap(({ id, tree }) =>
    tree.files.filter(({ path }) => !claimed(id, path)).map(({ path }) => placeOf(id, path)),
  );
  if (unclaimed.every((place) => besides.has(place))) return;
  const problems = unclaimed.map((place) => ({ place, message: factOf(besides.get(place)) }));
  const last = problems.pop();
  if (last === undefined) return;
  const { drivers, manifest: folder } = manifest.release;
  const where =
    drivers !== undefined || folder !== undefined || manifest.releaseFile.file.startsWith(toolRoot)
      ? `${drivers ?? 'drivers-manifest/drivers'}/<Driver>.yaml`
      : 'drivers/<Driver>.yaml beside the release and "drivers: drivers" in it';
  const hint = `ship it (${where}: "inf" or "extras"; "folders" or "files" in ${releasePlace(manifest)}) or add it there under "ignored" with a reason`;
  throw new PipelineError('input', [...problems, { ...last, hint }]);
}

function factOf(infs: readonly string[] | undefined): string {
  return infs === undefined ? 'belongs to no driver of the manifest and is not ignored' : besideInfs(infs);
}

function placeOf(source: string, path: string): string {
  return `${source}: ${path}`;
}

/** A source's tree without the ignored files of the release, and their number. */
interface VisibleTree {
  readonly id: string;
  readonly tree: SourceTree;
  readonly ignored: number;
}

/** Removes the release's `ignored` files from all sources; throws when an entry matches nothing (every file is shipped or ignored). */
async function withoutIgnored(
  manifest: Manifest,
  trees: ReadonlyMap<string, SourceTree>,
  signal: AbortSignal,
): Promise<VisibleTree[]> {
  const entries = manifest.release.ignored.map((entry) => ({
    ...entry,
    matches: globMatcher(entry.pattern),
    used: false,
  }));
  const visible: VisibleTree[] = [];
  for (const [id, tree] of trees) {
    const relevant = entries.filter((entry) => (entry.source ?? id) === id);
    const files: SourceFile[] = [];
    for (const file of tree.files) {
      await setImmediate();
      signal.throwIfAborted();
      const matching = relevant.filter((entry) => entry.matches(file.path));
      for (const entry of matching) entry.used = true;
      if (matching.length === 0) files.push(file);
    }
    visible.push({ id, tree: { ...tree, files }, ignored: tree.files.length - files.length });
  }
  const problems = entries.flatMap((entry, index) =>
    entry.used
      ? []
      : [
          {
            place: releasePlace(manifest, 'ignored', index, 'pattern'),
            message: `"${entry.pattern}" matches no file of ${entry.source === undefined ? 'the sources' : `source "${entry.source}"`}`,
            hint: 'remove the entry: every ignored file must exist, so that the list stays true',
          },
        ],
  );
  if (problems.length > 0) throw new PipelineError('input', fewOfAKind(problems));
  return visible;
}

/** Reads every planned file once, unless its source has already hashed it, checks it against its source's digest list, and returns the files with their digests. */
async function hashFiles(
  planned: readonly PlannedFile[],
  trees: ReadonlyMap<string, SourceTree>,
  context: RunContext,
): Promise<CollectedFile[]> {
  const contents = new Map<string, Promise<Content>>();
  let bytes = 0;
  const read = async (stored: StoredBytes, known: Content | undefined): Promise<Content> => {
    const content = known ?? (await hashStored(stored, context.signal));
    bytes += content.size;
    context.reporter.progress({ files: contents.size, bytes });
    return content;
  };
  const files = await pMap(
    planned,
    async ({ path, source, file, role }): Promise<CollectedFile> => {
      const stored = storedBytes(file);
      const known = contents.get(storedKey(stored)) ?? read(stored, file.content);
      contents.set(storedKey(stored), known);
      return { path, content: await known, origin: { source, path: file.path }, role };
    },
    { concurrency: 4, signal: context.signal },
  );
  requireDigests(files, trees);
  for (const { requireUnchanged } of trees.values()) await requireUnchanged?.();
  return files;
}

function requireDigests(files: readonly CollectedFile[], trees: ReadonlyMap<string, SourceTree>): void {
  const problems = new Map<string, string>();
  for (const { origin, content } of files) {
    const digests = trees.get(origin.source)?.digests;
    const expected = digests?.get(origin.path);
    if (digests === undefined || expected === content.sha256) continue;
    const fact =
      expected === undefined
        ? 'is not in the digest list'
        : `does not match the digest list, expected ${expected}`;
    problems.set(`${origin.source}: ${origin.path}`, `sha256 ${content.sha256} ${fact}`);
  }
  if (problems.size === 0) return;
  throw new PipelineError(
    'input',
    [...problems].map(([place, message]) => ({
      place,
      message,
      hint: 'get the file again, or, if the change is intended, update the digest list',
    })),
  );
}

/** Returns whether a file is on the disc of drivers: the `slim` profile leaves out all debug symbols. */
export function isOnDisc({ release }: Pick<Manifest, 'release'>, path: string): boolean {
  return release.profile === 'full' || !isSymbols(path);
}

/** Returns whether a release does not need a file: debug symbols in the `slim` profile, unless they have their own disc. */
export function isLeftOut(manifest: Pick<Manifest, 'release'>, path: string): boolean {
  return !isOnDisc(manifest, path) && !asksFor(manifest, 'symbols');
}

/** Returns the files of the disc of debug symbols, none when the release has no such disc; throws when it has one but no symbols exist. */
export function symbolsDiscFiles(manifest: Manifest, files: readonly CollectedFile[]): CollectedFile[] {
  if (!asksFor(manifest, 'symbols')) return [];
  const symbols = files.filter(({ path }) => isSymbols(path));
  requireDistinctPaths(symbols);
  if (symbols.length > 0) return symbols;
  throw new PipelineError('input', {
    place: releasePlace(manifest, 'package', 'also'),
    message: 'asks for a disc of debug symbols, but no source holds any (.pdb)',
    hint: 'remove "symbols" from this list, or add the .pdb files to a source',
  });
}

/** The rules check only the disc of drivers, which may not hold the symbols. */
function requireDistinctPaths(symbols: readonly CollectedFile[]): void {
  const taken = new Map<string, CollectedFile>();
  const problems: Problem[] = [];
  for (const file of symbols) {
    const other = taken.get(file.path.toLowerCase());
    taken.set(file.path.toLowerCase(), file);
    if (other === undefined) continue;
    const [one, two] = [other, file].map(({ origin }) => `${origin.source}: ${origin.path}`);
    problems.push({
      place: file.path,
      message: `is the path of two files on the disc of debug symbols: ${one} and ${two}`,
      hint: 'rename one of the two, or leave one out under "ignored" in the release',
    });
  }
  if (problems.length > 0) throw new PipelineError('input', problems);
}

function isSymbols(path: string): boolean {
  return path.toLowerCase().endsWith('.pdb');
}
