import { decodeEscapes } from '../../core/escapes.ts';
import { type Limits, overLimit, startBudget } from '../../core/limits.ts';
import { byCodeUnit } from '../../core/order.ts';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { plural } from '../../core/text.ts';
import { readToolOutput } from '../../system/tool-output.ts';
import { tools } from '../../system/tools.ts';
import { readObjects } from './objects.ts';
import { gitArguments, gitEnvironment, gitSandbox } from './run-git.ts';

/** A commit of a repository and a folder in it, the root when absent. */
export interface CommitFolder {
  readonly gitDir: string;
  readonly commit: string;
  readonly folder?: string | undefined;
}

/** The subject of errors, the limits of the commit, and the abort signal. */
interface ListConditions {
  readonly subject: Subject;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Lists everything but folders in a folder of a commit, and checks the ids of the commit and of every folder above and below. */
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

/** Returns git's name of the folder. */
export function treeOf({ commit, folder }: CommitFolder): string {
  return folder === undefined ? commit : `${commit}:${folder}`;
}

/** Reads the output as a stream: a commit of a few kilobytes can list more files than fit into memory. */
async function lsTree(source: CommitFolder, { subject, signal, limits }: ListConditions): Promise<string> {
  const { countEntry } = startBudget(subject, limits);
  const failure = (reason: string) => {
    const hint = 'check the folder: git ls-tree COMMIT shows the content of the commit';
    return refusal(subject, `git cannot list ${treeOf(source)}: ${reason.split('; ').at(-1)}`, hint);
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

/** The folders from the root to the requested one, as names that git resolves. */
function ancestors({ commit, folder }: CommitFolder): string[] {
  const names = folder?.split('/') ?? [];
  return names.map((_, index) => `${commit}:${names.slice(0, index + 1).join('/')}`);
}

/** One line of `git ls-tree -r`: octal mode, type, object id, path. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  readonly path: string;
}

/** Reads what `git ls-tree -r -t -z` prints. */
function parseTree(output: string, subject: Subject): TreeEntry[] {
  const lines = output.split('\0').slice(0, -1);
  return lines.map((line) => parseLine(line, subject, (path) => path));
}

/** Reads a kept listing: what `git ls-tree -r COMMIT:FOLDER` prints, names quoted as git does; files only, sorted by path. */
export function parseListing(text: string, subject: Subject): TreeEntry[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const entries = lines.map((line) => parseLine(line, subject, unquote));
  const files = entries.filter(({ type }) => type !== 'tree');
  for (const file of files) {
    const special = specialKind(file);
    if (special !== undefined) throw refusal(subject, `entry ${quoted(file.path)}: ${special}`);
  }
  return files.sort((a, b) => byCodeUnit(a.path, b.path));
}

/** Returns why an entry is refused: a symbolic link or a submodule; undefined for a file. */
export function specialKind({ mode, type }: TreeEntry): string | undefined {
  if (mode === '120000') return 'is a symbolic link';
  if (type === 'commit') return 'is a submodule';
  return type === 'blob' ? undefined : `is of the type ${quoted(type)}, expected blob`;
}

function parseLine(line: string, subject: Subject, decode: (path: string) => string | undefined): TreeEntry {
  const [, mode, type, id, shown] = /^([0-7]{6}) ([a-z]+) ([0-9a-f]{40})\t(.+)$/s.exec(line) ?? [];
  const path = shown === undefined ? undefined : decode(shown);
  if (mode === undefined || type === undefined || id === undefined || path === undefined) {
    throw refusal(subject, `${quoted(line)} is not a line of git ls-tree -r`, listingHint);
  }
  return { mode, type, id, path };
}

function unquote(shown: string): string | undefined {
  return shown.startsWith('"') ? decodeEscapes(shown.replace(/^"|"$/g, '')) : shown;
}

const listingHint = 'write the listing with: git ls-tree -r COMMIT:FOLDER > LISTING';

/** Throws when a kept listing differs from the commit, since it would accept a plain folder with other files. */
export function requireSameListing(
  kept: readonly TreeEntry[],
  commit: readonly TreeEntry[],
  subject: Subject,
): void {
  const keptLines = new Set(kept.map(lineOf));
  const commitLines = new Set(commit.map(lineOf));
  const extra = [...keptLines].filter((line) => !commitLines.has(line));
  const lacking = [...commitLines].filter((line) => !keptLines.has(line));
  const first = [...extra, ...lacking].sort(byCodeUnit)[0];
  if (first === undefined) return;
  const counts = `${plural(extra.length, 'line')} that the commit does not have, and lacks ${lacking.length}`;
  throw refusal(
    subject,
    `is not the listing of the commit: has ${counts}, such as ${quoted(first)}`,
    listingHint,
  );
}

function lineOf({ mode, type, id, path }: TreeEntry): string {
  return `${path} ${mode} ${type} ${id}`;
}
