import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { type Tree, writeTree } from './tree.ts';

/** A git checkout with one commit. */
export interface Repository {
  readonly path: string;
  readonly url: string;
  readonly commit: string;
  readonly git: (...args: readonly string[]) => Promise<string>;
}

const environment = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.invalid',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.invalid',
};

/** Commits a tree, byte for byte whatever its attributes, into a new repository that goes away with the test; `prepare` adds links first. */
export async function buildRepository(
  tree: Tree,
  prepare: (folder: string) => Promise<unknown> = async () => {},
): Promise<Repository> {
  const path = await mkdtemp(join(tmpdir(), 'pvdisc-repository-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const git = async (...args: readonly string[]) => {
    const { stdout } = await execa('git', ['-C', path, ...args], { env: environment });
    return stdout;
  };
  await git('init', '--quiet', '--initial-branch=main');
  await git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  await git('config', 'uploadpack.allowFilter', 'true');
  await writeFile(join(path, '.git/info/attributes'), '* -text -ident -filter\n');
  await writeTree(path, tree);
  await prepare(path);
  await git('add', '--all', '--force');
  await git('commit', '--quiet', '-m', 'content');
  return { path, url: `file://${path}`, commit: await git('rev-parse', 'HEAD'), git };
}
