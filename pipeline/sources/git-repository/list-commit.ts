import { PipelineError } from '../../errors.ts';
import { refusal, type Subject } from '../refusal.ts';
import { readObjects } from './objects.ts';
import { git } from './run-git.ts';
import { parseTree, type TreeEntry } from './tree-listing.ts';

/** A commit of a repository and a folder in it, the root when absent. */
export interface CommitFolder {
  readonly gitDir: string;
  readonly commit: string;
  readonly folder?: string | undefined;
}

/** What errors name, and who may stop the work. */
export interface Watched {
  readonly subject: Subject;
  readonly signal: AbortSignal;
}

/** Lists all but folders in a folder of a commit, and checks the ids of the commit and of every folder on the way and below. */
export async function listCommit(source: CommitFolder, watched: Watched): Promise<TreeEntry[]> {
  const { gitDir, commit } = source;
  const entries = parseTree(await lsTree(source, watched), watched.subject);
  const folders = entries.filter(({ type }) => type === 'tree').map(({ id }) => id);
  const names = [commit, `${commit}^{tree}`, ...ancestors(source), ...new Set(folders)];
  await readObjects(gitDir, names, watched, async (content) => {
    for await (const _ of content);
  });
  return entries.filter(({ type }) => type !== 'tree');
}

/** Returns the name by which git knows the folder. */
export function treeOf({ commit, folder }: CommitFolder): string {
  return folder === undefined ? commit : `${commit}:${folder}`;
}

async function lsTree(source: CommitFolder, { subject, signal }: Watched): Promise<string> {
  try {
    return await git(source.gitDir, ['ls-tree', '-r', '-t', '-z', '--full-tree', treeOf(source)], signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof PipelineError)) throw error;
    const words = error.message.split('\n').at(-1)?.trim();
    const hint = 'is the folder right? git ls-tree COMMIT shows what the commit holds';
    throw refusal(subject, `git cannot list ${treeOf(source)}: ${words}`, hint);
  }
}

/** The folders from the root to the one that is meant, as names that git resolves. */
function ancestors({ commit, folder }: CommitFolder): string[] {
  const names = folder?.split('/') ?? [];
  return names.map((_, index) => `${commit}:${names.slice(0, index + 1).join('/')}`);
}
