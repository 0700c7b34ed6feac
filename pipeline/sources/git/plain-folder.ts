import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import type { Content } from '../../core/content.ts';
import { PipelineError, type Problem } from '../../core/errors.ts';
import { type Limits, startBudget } from '../../core/limits.ts';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { startPathRegister } from '../../core/safe-path.ts';
import { exists, hashOpened, listFiles } from '../../system/files.ts';
import { openSourceFile } from '../../system/source-file.ts';
import type { SourceFile, SourceTree } from '../define.ts';
import type { TreeEntry } from './list-commit.ts';

/** A folder without git, and the listing of the commit that its files must match. */
export interface PlainFolder {
  readonly root: string;
  readonly listing: readonly TreeEntry[];
  readonly subject: Subject;
  readonly skip: (path: string) => boolean;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Checks the git object id of each file of a folder, and returns the files in place; throws one error with every mismatch. */
export async function checkPlainFolder({
  root,
  listing,
  subject,
  skip,
  limits,
  signal,
}: PlainFolder): Promise<SourceTree> {
  const expected = new Map(listing.map(({ path, id }) => [path, id]));
  const register = startPathRegister(subject, limits);
  const budget = startBudget(subject, limits);
  const problems: Problem[] = [];
  const complain = (message: string) => problems.push(...refusal(subject, message).problems);
  const found = await listFiles(root, budget.countEntry);
  for (const { path, size } of found) {
    budget.countBytes(size);
    register.addFile(path);
  }
  const blobs = await pMap(
    found,
    async ({ path, size }) =>
      skip(path) || !expected.has(path) ? undefined : readBlob(join(root, path), size, signal),
    { concurrency: 4, signal },
  );
  const files = found.map(({ path }, index): SourceFile => {
    const [blob, id] = [blobs[index], expected.get(path)];
    if (id === undefined) complain(`${quoted(path)} is not in the listing of the commit`);
    if (blob === undefined) return { path };
    if (blob.id !== id) complain(`${quoted(path)} has the object id ${blob.id}, expected ${id}`);
    return { path, file: blob.content.file, content: blob.content };
  });
  if (problems.length > 0) throw new PipelineError('input', shortened(problems, found, expected, subject));
  return { files };
}

const maxProblems = 20;

/** A folder without any known file is the wrong folder; of many problems, reports only the first ones. */
function shortened(
  problems: readonly Problem[],
  found: readonly { readonly path: string }[],
  expected: ReadonlyMap<string, string>,
  subject: Subject,
): readonly Problem[] {
  if (found.every(({ path }) => !expected.has(path))) {
    const hint = `give the folder that holds ${quoted([...expected.keys()][0] ?? '')}, or one above it by the path in the release`;
    return refusal(subject, 'this is not the folder of the commit: none of its files is in the listing', hint)
      .problems;
  }
  const left = problems.length - maxProblems;
  if (left <= 0) return problems;
  return [...problems.slice(0, maxProblems), ...refusal(subject, `and ${left} more files differ`).problems];
}

/** Returns the real path of the folder that holds the release's files: `folder` below it where that exists, else the path itself. */
export async function releaseRoot(path: string, folder: string | undefined): Promise<string> {
  const below = folder === undefined ? path : join(path, folder);
  return realpath((await exists(below)) && (await stat(below)).isDirectory() ? below : path);
}

/** Reads a file once: its content, and its id as `git hash-object --no-filters` computes it; `size` in bytes. */
async function readBlob(
  file: string,
  size: number,
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly content: Content }> {
  const hash = createHash('sha1').update(`blob ${size}\0`);
  const content = await hashOpened(await openSourceFile(file), signal, hash);
  return { id: hash.digest('hex'), content: { file, ...content } };
}
