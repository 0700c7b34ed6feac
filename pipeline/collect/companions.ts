import { PipelineError } from '../core/errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import type { Release } from '../manifest/release-schema.ts';
import type { SourceFile } from '../sources/define.ts';
import type { SourceIndex } from './source-index.ts';

/** A file of the release's `files`: it belongs to no driver and goes to `path` on the disc. */
export interface Companion {
  readonly source: SourceIndex;
  readonly file: SourceFile;
  readonly path: string;
}

/** Returns the files that the release's `files` entries name; throws one error with every entry that names nothing. */
export function findCompanions(manifest: Manifest, sources: readonly SourceIndex[]): Companion[] {
  const found = manifest.release.files.map((entry) => companionsOf(entry, sources));
  const problems = manifest.release.files.flatMap((entry, index) =>
    found[index]?.length === 0
      ? [
          {
            place: releasePlace(manifest, 'files', index, 'from'),
            message: `"${entry.from}" is neither a file nor a folder of source "${entry.source}"`,
            hint: 'check its spelling; case matters here',
          },
        ]
      : [],
  );
  if (problems.length > 0) throw new PipelineError('input', problems);
  return found.flat();
}

function companionsOf(
  { source: id, from, to }: Release['files'][number],
  sources: readonly SourceIndex[],
): Companion[] {
  const source = sources.find((candidate) => candidate.id === id);
  if (source === undefined) throw new Error(`no source ${id}`);
  const folder = trimSlashes(from);
  return source.tree.files.flatMap((file): Companion[] => {
    if (file.path === folder) return [{ source, file, path: to }];
    return file.path.startsWith(`${folder}/`)
      ? [{ source, file, path: to + file.path.slice(folder.length) }]
      : [];
  });
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
