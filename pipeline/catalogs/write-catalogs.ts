import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { fileDigests } from '../formats/catalog/file-digests.ts';
import { makeCatalogList } from '../formats/catalog/make.ts';
import { writeUnsignedCatalog } from '../formats/catalog/write.ts';
import { fewOfAKind } from '../manifest/few-problems.ts';
import { targetPath } from '../model/target.ts';
import { type SourceTree, storedBytes } from '../sources/define.ts';
import { absent } from '../system/path-kind.ts';
import { readStored } from '../system/stored-bytes.ts';
import { type CatalogPlan, type PlanOptions, planCatalogs } from './plan-catalogs.ts';

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
  /** `unchanged` when the same bytes were there. */
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
    const { version, bytes } = await makeCatalog(plan);
    const there = await readFile(join(options.folder, plan.path)).catch(absent);
    const state = there === undefined ? 'new' : there.equals(bytes) ? 'unchanged' : 'replaced';
    const { path, inf } = plan;
    const [targets, files] = [plan.targets.map(targetPath), plan.files.map((file) => file.path)];
    made.push({ bytes, written: { path, inf, targets, version, files, state } });
  }
  const problems = options.replace ? [] : made.flatMap(({ written }) => wouldReplace(written));
  if (problems.length > 0) throw new PipelineError('input', fewOfAKind(problems));
  for (const { bytes, written } of made) {
    signal.throwIfAborted();
    if (written.state !== 'unchanged') await replaceFile(join(options.folder, written.path), bytes);
  }
  return made.map(({ written }) => written);
}

async function makeCatalog({ files, hardwareIds, os, epoch }: CatalogPlan) {
  const digested = [];
  for (const file of files)
    digested.push({ path: file.path, digests: fileDigests(await readStored(storedBytes(file))) });
  const list = makeCatalogList({ files: digested, os, hardwareIds, epoch });
  return { version: list.version, bytes: writeUnsignedCatalog(list) };
}

function wouldReplace({ path, state }: WrittenCatalog): Problem[] {
  if (state !== 'replaced') return [];
  const message = 'is there already and differs: it is signed, or was made of other files';
  return [{ place: path, message, hint: '--replace overwrites it' }];
}

/** A reader, or a killed run, sees the old file or the new one. */
async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  const beside = `${file}.pvdisc-new`;
  try {
    await writeFile(beside, bytes);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
