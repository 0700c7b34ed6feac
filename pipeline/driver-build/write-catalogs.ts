import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { FormatError } from '../formats/format-error.ts';
import { fewOfAKind } from '../manifest/few-problems.ts';
import { targetPath } from '../model/target.ts';
import { contentToSign } from '../sign/contents.ts';
import { makeCatalog } from '../sign/make-catalog.ts';
import { type SourceFile, type SourceTree, storedBytes } from '../sources/define.ts';
import { absent } from '../system/path-kind.ts';
import { type PlanOptions, planCatalogs } from './plan-catalogs.ts';
import { replaceFiles } from './replace-files.ts';

/** Where catalogs are written to, and how, besides for which targets. */
export interface WriteOptions extends PlanOptions {
  /** Absolute path of the folder that the tree was opened from. */
  readonly folder: string;
  /** Whether catalogs that are there are overwritten. */
  readonly replace: boolean;
}

/** An unsigned catalog that was written. Paths are those in the tree. */
export interface WrittenCatalog {
  readonly path: string;
  readonly inf: string;
  readonly targets: readonly string[];
  readonly version: 1 | 2;
  readonly files: readonly string[];
  /** `unchanged` when a catalog that says the same was there, signed or not. */
  readonly state: 'new' | 'replaced' | 'unchanged';
}

/** Writes the unsigned catalog of every INF of a folder beside it; finds all problems before it writes anything. */
export async function writeCatalogs(
  tree: SourceTree,
  options: WriteOptions,
  { signal }: Pick<RunContext, 'signal'>,
): Promise<WrittenCatalog[]> {
  const made: { readonly bytes: Uint8Array; readonly written: WrittenCatalog }[] = [];
  for (const plan of await planCatalogs(tree, options)) {
    signal.throwIfAborted();
    const { version, bytes } = await makeCatalog({ ...plan, files: plan.files.map(located) });
    const there = await readFile(join(options.folder, plan.path)).catch(absent);
    const state = there === undefined ? 'new' : holdsListOf(there, bytes) ? 'unchanged' : 'replaced';
    const { path, inf } = plan;
    const [targets, files] = [plan.targets.map(targetPath), plan.files.map((file) => file.path)];
    made.push({ bytes, written: { path, inf, targets, version, files, state } });
  }
  const problems = options.replace ? [] : made.flatMap(({ written }) => wouldReplace(written));
  if (problems.length > 0) throw new PipelineError('input', fewOfAKind(problems));
  const changed = made.filter(({ written }) => written.state !== 'unchanged');
  await replaceFiles(
    new Map(changed.map(({ bytes, written }) => [join(options.folder, written.path), bytes])),
  );
  return made.map(({ written }) => written);
}

function located(file: SourceFile) {
  return { path: file.path, stored: storedBytes(file) };
}

function holdsListOf(there: Uint8Array, bytes: Uint8Array): boolean {
  try {
    return Buffer.compare(contentToSign(there).der, contentToSign(bytes).der) === 0;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

function wouldReplace({ path, state }: WrittenCatalog): Problem[] {
  if (state !== 'replaced') return [];
  const message = 'is there already, and was made of other files or for other Windows versions';
  return [{ place: path, message, hint: '--replace overwrites it' }];
}
