import { PipelineError } from '../core/errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import { besideInfs } from '../model/driver-tree.ts';
import type { DiscPlan } from './plan.ts';
import type { SourceIndex } from './source-index.ts';

/**
 * Throws one error that names every file of the sources that nothing claims (law 1: closed world). Where all of them are `unnamed`
 * files of drivers, the rule `inf/unnamed-file` tells of them, beside what is wrong with the INFs.
 */
export function requireClosedWorld(
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
  const hint = `ship it (drivers-manifest/drivers/<Driver>.yaml: "inf" or "extras"; "folders" or "files" in ${releasePlace(manifest)}) or add it there under "ignored" with a reason`;
  throw new PipelineError('input', [...problems, { ...last, hint }]);
}

function factOf(infs: readonly string[] | undefined): string {
  return infs === undefined ? 'belongs to no driver of the manifest and is not ignored' : besideInfs(infs);
}

function placeOf(source: string, path: string): string {
  return `${source}: ${path}`;
}
