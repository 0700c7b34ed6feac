import { PipelineError } from '../../core/errors.ts';
import { quoted, refusal } from '../../core/refusal.ts';
import type { Extraction } from '../archive/extraction.ts';
import type { SourceTree } from '../define.ts';
import { missingObjects } from './find-repository.ts';
import { type CommitFolder, specialKind, type TreeEntry, treeOf } from './list-commit.ts';
import { readObjects } from './objects.ts';

/** Writes the files of a listing from the repository's objects, not by checkout or `git archive`, whose attributes change bytes. */
export async function exportFiles(
  source: CommitFolder,
  entries: readonly TreeEntry[],
  extraction: Extraction,
): Promise<SourceTree> {
  const wanted: WantedFile[] = [];
  for (const entry of entries) {
    const special = specialKind(entry);
    if (special !== undefined) extraction.addSpecial(entry.path, special);
    const target = extraction.addFile(entry.path);
    if (target !== undefined) wanted.push({ id: entry.id, path: entry.path, target });
  }
  await requireObjects(source, wanted, extraction);
  const targets = wanted.map(({ target }) => target).values();
  const ids = wanted.map(({ id }) => id);
  await readObjects(source.gitDir, ids, extraction, async (content) => {
    const { value: target } = targets.next();
    if (target !== undefined) await extraction.write(target, content);
  });
  return extraction.finish();
}

interface WantedFile {
  readonly id: string;
  readonly path: string;
  readonly target: string;
}

async function requireObjects(
  source: CommitFolder,
  wanted: readonly WantedFile[],
  { subject, signal }: Extraction,
): Promise<void> {
  const missing = await missingObjects(source.gitDir, treeOf(source), signal);
  const lacking = wanted.filter(({ id }) => missing.has(id));
  if (lacking.length === 0) return;
  const hint = 'objects are missing, as in a partial clone: fetch them there, or give a full clone';
  const problems = lacking.flatMap(({ id, path }, index) => {
    const message = `the repository lacks the content of ${quoted(path)} (object ${id})`;
    return refusal(subject, message, index === lacking.length - 1 ? hint : undefined).problems;
  });
  throw new PipelineError('input', problems);
}
