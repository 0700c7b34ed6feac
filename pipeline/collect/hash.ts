import pMap from 'p-map';
import type { Content, StoredBytes } from '../core/content.ts';
import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import type { DiscFile } from '../model/driver-tree.ts';
import { type SourceTree, storedBytes } from '../sources/define.ts';
import { hashStored, storedKey } from '../system/stored-bytes.ts';
import type { PlannedFile } from './plan.ts';

/** Reads every planned file once, unless its source has, checks it against its source's digest list, and returns the files with their digests. */
export async function hashFiles(
  planned: readonly PlannedFile[],
  trees: ReadonlyMap<string, SourceTree>,
  context: RunContext,
): Promise<DiscFile[]> {
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
    async ({ path, source, file, role }): Promise<DiscFile> => {
      const stored = storedBytes(file);
      const known = contents.get(storedKey(stored)) ?? read(stored, file.content);
      contents.set(storedKey(stored), known);
      return { path, content: await known, origin: { source, path: file.path }, role };
    },
    { concurrency: 4, signal: context.signal },
  );
  requireDigests(files, trees);
  return files;
}

function requireDigests(files: readonly DiscFile[], trees: ReadonlyMap<string, SourceTree>): void {
  const problems = new Map<string, string>();
  for (const { origin, content } of files) {
    const digests = trees.get(origin.source)?.digests;
    const expected = digests?.get(origin.path);
    if (digests === undefined || expected === content.sha256) continue;
    const fact =
      expected === undefined
        ? 'is not in the digest list'
        : `is not the file that the digest list means, expected ${expected}`;
    problems.set(`${origin.source}: ${origin.path}`, `sha256 ${content.sha256} ${fact}`);
  }
  if (problems.size === 0) return;
  throw new PipelineError(
    'input',
    [...problems].map(([place, message]) => ({
      place,
      message,
      hint: 'get the file again, or, if the change is meant, bring the digest list up to date',
    })),
  );
}
