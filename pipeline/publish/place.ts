import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../system/files.ts';
import type { IndexFile } from './indexes.ts';
import type { Published } from './published.ts';

/** A signed suite in a staging folder of the repository's own file system. */
export interface StagedSuite {
  readonly staging: string;
  readonly root: string;
  readonly suite: string;
  /** New packages and the public keys: paths from the root. */
  readonly paths: readonly string[];
  readonly indexes: readonly IndexFile[];
  /** What the suite was before. */
  readonly published: Published;
}

/**
 * Moves a suite to where hosts see it: first what nothing refers to yet, `InRelease` last; a new suite in one piece. A run that is
 * killed on the way leaves the suite as it was for every host that asks by hash, as apt does.
 */
export async function moveIntoPlace(staged: StagedSuite): Promise<void> {
  const { staging, root, suite, paths, indexes, published } = staged;
  const below = `dists/${suite}`;
  const byHash = indexes.map((index) => `${below}/${index.byHash}`);
  const plain = indexes.map(({ path }) => `${below}/${path}`);
  const release = ['Release.gpg', 'Release', 'InRelease'].map((name) => `${below}/${name}`);
  const isNew = published.digests.length === 0;
  const moved = isNew ? [below] : [...new Set(byHash), ...plain, ...release];
  for (const path of [...paths, ...moved]) {
    await makeFolder(dirname(join(root, path)));
    await rename(join(staging, path), join(root, path));
  }
  const digests = new Set([...indexes.map(({ sha256 }) => sha256), ...published.digests]);
  for (const folder of new Set(byHash.map((path) => dirname(path)))) await prune(join(root, folder), digests);
}

/** A host that has read the InRelease before this one may still ask for its indexes. */
async function prune(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) if (!kept.has(name)) await rm(join(folder, name));
}
