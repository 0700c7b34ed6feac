import type { SourceTree } from '../../define.ts';
import { PipelineError } from '../../errors.ts';
import { quoted, refusal } from '../refusal.ts';
import type { Extraction } from '../unpack/extraction.ts';
import { readObjects } from './objects.ts';
import { git } from './run-git.ts';
import { parseTree, specialKind, type TreeEntry } from './tree-listing.ts';

/** What is exported: a commit of a repository and a folder in it, the root when absent. */
export interface CommitFolder {
  readonly gitDir: string;
  readonly commit: string;
  readonly folder?: string | undefined;
}

/** Lists the files of a folder of a commit, and checks the ids of the commit and of every folder on the way and below. */
export async function listCommit(
  { gitDir, commit, folder }: CommitFolder,
  { subject, signal }: Pick<Extraction, 'subject' | 'signal'>,
): Promise<TreeEntry[]> {
  const output = await lsTree(gitDir, folder === undefined ? commit : `${commit}:${folder}`, {
    subject,
    signal,
  });
  const entries = parseTree(output, subject);
  const folders = entries.filter(({ type }) => type === 'tree').map(({ id }) => id);
  const names = [commit, `${commit}^{tree}`, ...ancestors(commit, folder), ...new Set(folders)];
  await readObjects(gitDir, names, { subject, signal }, async (name, content) => {
    if (content === undefined) throw refusal(subject, `the repository lacks object ${name}`, lackHint);
    for await (const _ of content);
  });
  return entries.filter(({ type }) => type !== 'tree');
}

/** Writes the files of a listing from the repository's objects; never by checkout or `git archive`, whose attributes change bytes. */
export async function exportFiles(
  gitDir: string,
  entries: readonly TreeEntry[],
  extraction: Extraction,
): Promise<SourceTree> {
  const wanted: { id: string; path: string; target: string }[] = [];
  for (const entry of entries) {
    const special = specialKind(entry);
    if (special !== undefined) extraction.addSpecial(entry.path, special);
    const target = extraction.addFile(entry.path);
    if (target !== undefined) wanted.push({ id: entry.id, path: entry.path, target });
  }
  const lacking: { id: string; path: string }[] = [];
  const queue = wanted[Symbol.iterator]();
  const ids = wanted.map(({ id }) => id);
  await readObjects(gitDir, ids, extraction, async (_id, content) => {
    const { value: file } = queue.next();
    if (file === undefined) return;
    if (content === undefined) lacking.push(file);
    else await extraction.write(file.target, content);
  });
  if (lacking.length > 0) throw lackingFiles(lacking, extraction);
  return extraction.finish();
}

async function lsTree(
  gitDir: string,
  tree: string,
  { subject, signal }: Pick<Extraction, 'subject' | 'signal'>,
) {
  try {
    return await git(gitDir, ['ls-tree', '-r', '-t', '-z', '--full-tree', tree], signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof PipelineError)) throw error;
    throw refusal(
      subject,
      `git cannot list ${tree}: ${error.message.split('\n').at(-1)?.trim()}`,
      folderHint,
    );
  }
}

const lackHint = 'a partial clone lacks objects: fetch them there, or give a full clone';
const folderHint = 'is the folder right? git ls-tree COMMIT shows what the commit holds';

/** The folders from the root to `folder`, as names that git resolves. */
function ancestors(commit: string, folder: string | undefined): string[] {
  const names = folder?.split('/') ?? [];
  return names.map((_, index) => `${commit}:${names.slice(0, index + 1).join('/')}`);
}

function lackingFiles(
  lacking: readonly { id: string; path: string }[],
  { subject }: Extraction,
): PipelineError {
  const problems = lacking.flatMap(({ id, path }, index) => {
    const isLast = index === lacking.length - 1;
    const message = `the repository lacks the content of ${quoted(path)} (object ${id})`;
    return refusal(subject, message, isLast ? lackHint : undefined).problems;
  });
  return new PipelineError('input', problems);
}
