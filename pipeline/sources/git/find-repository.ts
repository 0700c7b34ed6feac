import { join } from 'node:path';
import { exists } from '../../system/files.ts';
import { runGit } from './run-git.ts';

/** Returns the git folder of a checkout or bare repository at this path itself; undefined for a plain folder, also one inside a checkout. */
export async function gitDirOf(path: string): Promise<string | undefined> {
  if (await exists(join(path, '.git'))) return join(path, '.git');
  const parts = await Promise.all(['HEAD', 'objects', 'refs'].map((part) => exists(join(path, part))));
  return parts.every(Boolean) ? path : undefined;
}

/** Returns whether a repository has a commit. */
export async function hasCommit(gitDir: string, commit: string, signal: AbortSignal): Promise<boolean> {
  try {
    await runGit(gitDir, ['cat-file', '-e', `${commit}^{commit}`], signal);
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    return false;
  }
}

/** Returns the ids of the objects below a commit or tree that are missing, as in a partial clone; fetches none. */
export async function missingObjects(
  gitDir: string,
  tree: string,
  signal: AbortSignal,
): Promise<Set<string>> {
  const objects = await runGit(
    gitDir,
    ['rev-list', '--objects', '--no-object-names', '--missing=print', tree],
    signal,
  );
  const missing = objects.split('\n').filter((line) => line.startsWith('?'));
  return new Set(missing.map((line) => line.slice(1)));
}
