import { type Limits, overLimit, startBudget } from '../../core/limits.ts';
import { refusal, type Subject } from '../../core/refusal.ts';
import { readToolOutput } from '../../system/tool-output.ts';
import { tools } from '../../system/tools.ts';
import { readObjects } from './objects.ts';
import { gitArguments, gitEnvironment, gitSandbox } from './run-git.ts';
import { parseTree, type TreeEntry } from './tree-listing.ts';

/** A commit of a repository and a folder in it, the root when absent. */
export interface CommitFolder {
  readonly gitDir: string;
  readonly commit: string;
  readonly folder?: string | undefined;
}

/** What errors name, what the commit may hold, and who may stop the work. */
export interface ListConditions {
  readonly subject: Subject;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Lists all but folders in a folder of a commit, and checks the ids of the commit and of every folder on the way and below. */
export async function listCommit(source: CommitFolder, watched: ListConditions): Promise<TreeEntry[]> {
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

/** Read as it comes: a commit of a few kilobytes can list more files than there is memory for. */
async function lsTree(source: CommitFolder, { subject, signal, limits }: ListConditions): Promise<string> {
  const { countEntry } = startBudget(subject, limits);
  const failure = (words: string) => {
    const hint = 'is the folder right? git ls-tree COMMIT shows what the commit holds';
    return refusal(subject, `git cannot list ${treeOf(source)}: ${words.split('; ').at(-1)}`, hint);
  };
  const args = gitArguments(source.gitDir, ['ls-tree', '-r', '-t', '-z', '--full-tree', treeOf(source)]);
  const options = { signal, env: gitEnvironment(), sandbox: gitSandbox, failure };
  const chunks: Buffer[] = [];
  let bytesLeft = limits.files * (limits.pathLength + lineBytes);
  await readToolOutput(tools.git, args, options, async (bytes) => {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, end + 1)) countEntry();
      bytesLeft -= chunk.length;
      if (bytesLeft < 0)
        throw overLimit(subject, 'pathLength', `has paths longer than ${limits.pathLength} bytes`);
      chunks.push(chunk);
    }
  });
  return Buffer.concat(chunks).toString();
}

/** Mode, type, object id, a tab and the NUL at the end. */
const lineBytes = 64;

/** The folders from the root to the one that is meant, as names that git resolves. */
function ancestors({ commit, folder }: CommitFolder): string[] {
  const names = folder?.split('/') ?? [];
  return names.map((_, index) => `${commit}:${names.slice(0, index + 1).join('/')}`);
}
