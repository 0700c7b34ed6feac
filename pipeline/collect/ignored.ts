import { PipelineError } from '../core/errors.ts';
import { globMatcher } from '../core/glob.ts';
import { fewOfAKind } from '../manifest/few-problems.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import type { SourceTree } from '../sources/define.ts';

/** A source's tree without the files that the release ignores, and how many those are. */
export interface VisibleTree {
  readonly id: string;
  readonly tree: SourceTree;
  readonly ignored: number;
}

/** Takes the release's `ignored` files out of all sources; throws when an entry matches nothing (law 1: closed world). */
export function withoutIgnored(manifest: Manifest, trees: ReadonlyMap<string, SourceTree>): VisibleTree[] {
  const entries = manifest.release.ignored.map((entry) => ({
    ...entry,
    matches: globMatcher(entry.pattern),
    used: false,
  }));
  const visible = [...trees].map(([id, tree]) => {
    const relevant = entries.filter((entry) => (entry.source ?? id) === id);
    const files = tree.files.filter(({ path }) => {
      const matching = relevant.filter((entry) => entry.matches(path));
      for (const entry of matching) entry.used = true;
      return matching.length === 0;
    });
    return { id, tree: { ...tree, files }, ignored: tree.files.length - files.length };
  });
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
