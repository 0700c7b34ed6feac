import { PipelineError } from '../errors.ts';
import { type Manifest, releasePlace } from '../manifest/read.ts';
import type { SourceIndex } from './source-index.ts';

/** Throws one error that names every file of the sources that nothing claims (law 1: closed world). */
export function requireClosedWorld(
  manifest: Manifest,
  sources: readonly SourceIndex[],
  claimed: (source: string, path: string) => boolean,
): void {
  const problems = sources.flatMap(({ id, tree }) =>
    tree.files
      .filter(({ path }) => !claimed(id, path))
      .map(({ path }) => ({
        place: `${id}: ${path}`,
        message: 'belongs to no driver of the manifest and is not ignored',
      })),
  );
  const last = problems.pop();
  if (last === undefined) return;
  const hint = `ship it (drivers-manifest/drivers/<Driver>.yaml: "inf" or "extras"; "folders" or "files" in ${releasePlace(manifest)}) or add it there under "ignored" with a reason`;
  throw new PipelineError('input', [...problems, { ...last, hint }]);
}
