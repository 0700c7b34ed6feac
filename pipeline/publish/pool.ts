import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { PipelineError } from '../core/errors.ts';
import { hashFile } from '../system/files.ts';
import { absent, isPlainFile } from '../system/path-kind.ts';
import { pathsBelow } from './open-folder.ts';
import type { StagedPackage } from './release-packages.ts';

/** A suite of a repository: where its packages and its index are, and which paths the index names. */
export interface SuitePlaces {
  readonly root: string;
  readonly ending: string;
  /** Folders below the root. */
  readonly pool: string;
  readonly index: string;
  /** The file of the index that is signed. */
  readonly signed: string;
  readonly isNew: boolean;
  readonly named: readonly string[];
}

/**
 * Throws when the pool of a suite holds packages that neither its signed index nor this run names: an attacker may have restored an older
 * index, whose signature is still good, or removed it, and hosts would accept the newly signed index as the newest. For a new suite, they
 * may be left by a killed run, if it left other traces; a note then names them.
 */
export async function requireAllNamed(
  { root, ending, pool, index, signed, isNew, named: known }: SuitePlaces,
  staged: readonly StagedPackage[],
  wasKilled: boolean,
  { note }: Pick<RunContext['reporter'], 'note'>,
): Promise<void> {
  const named = new Set([...known, ...staged.map(({ path }) => path)]);
  // Beside the folders of suites too, where it belongs to none of them.
  const beside = ((await readdir(join(root, dirname(pool))).catch(absent)) ?? []).map((name) =>
    join(dirname(pool), name),
  );
  const others = [...beside, ...(await pathsBelow(root, pool))]
    .filter((path) => path.endsWith(ending) && !named.has(path))
    .sort();
  if (others.length === 0) return;
  const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
  const isBeside = others.some((path) => dirname(path) === dirname(pool));
  const names = `${others.slice(0, 3).join(', ')}${more}`;
  if (isNew && wasKilled) {
    note(
      `${join(root, pool)}: ${names} left by a run that was killed, not published; if the suite existed before, restore ${index} from a backup`,
    );
    return;
  }
  throw new PipelineError('input', {
    place: join(root, index, signed),
    message: isNew
      ? `no such file, but the pool holds packages of the suite: ${names}`
      : `does not name packages that are in the pool: ${names}; an older index was restored, or a run was killed`,
    hint: `restore ${index} from a backup, or give the releases of these packages too; ${isNew ? `to start a new suite with only the given releases, remove ${isBeside ? 'these packages' : join(root, pool)}` : 'delete the packages that you do not want to publish'}`,
  });
}

/** Returns the paths of packages that are published with the same bytes as in this run, but whose file in the pool is missing or different. */
export async function damagedFiles(
  root: string,
  staged: readonly StagedPackage[],
  published: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const known = new Set(published);
  const damaged = new Set<string>();
  for (const { path, sha256 } of staged) {
    if (!known.has(path)) continue;
    const file = join(root, path);
    const isWhole = (await isPlainFile(file)) === true && (await hashFile(file, signal)).sha256 === sha256;
    if (!isWhole) damaged.add(path);
  }
  return [...damaged];
}
