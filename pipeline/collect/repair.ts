import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import type { Content } from '../core/content.ts';
import type { RunContext } from '../core/context.ts';
import { flatDigests, membersOf } from '../formats/catalog/index.ts';
import { FormatError } from '../formats/format-error.ts';
import { repairLineEndings } from '../formats/inf/line-endings.ts';
import { parseCatalogOnce } from '../formats/parse-once.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { CollectedFile, DriverTree, Repair } from '../model/driver-tree.ts';
import { hashFile } from '../system/files.ts';
import { readStored } from '../system/stored-bytes.ts';

/** The files of a tree with repaired ones in their place, and what was repaired, sorted by path. */
export interface RepairedFiles extends Pick<DriverTree, 'repairs'> {
  readonly files: readonly CollectedFile[];
}

interface FilesToRepair extends Pick<DriverTree, 'packages'> {
  readonly files: readonly CollectedFile[];
}

/** Makes the release's repairs; writes repaired files below the context's work folder. */
export async function repairFiles(
  { release }: Pick<Manifest, 'release'>,
  tree: FilesToRepair,
  context: Pick<RunContext, 'workDir' | 'signal'>,
): Promise<RepairedFiles> {
  if (!release.repair.includes('line-endings')) return { files: tree.files, repairs: [] };
  const folder = join(context.workDir, 'repaired');
  await mkdir(folder, { recursive: true });
  const byContents = new Map<string, Promise<Content | undefined>>();
  const repaired = await pMap(
    infsWithCatalog(tree),
    async ({ inf, catalog }) => {
      const key = `${inf.content.sha256} ${catalog.content.sha256}`;
      const content = byContents.get(key) ?? repairInf(inf.content, catalog.content, folder);
      byContents.set(key, content);
      return [inf, await content] as const;
    },
    { concurrency: 4, signal: context.signal },
  );
  const contents = new Map(repaired.flatMap(([inf, content]) => (content ? [[inf, content] as const] : [])));
  return {
    files: tree.files.map((file) => ({ ...file, content: contents.get(file) ?? file.content })),
    repairs: [...contents].map(([{ path, origin, content: stored }, content]): Repair => {
      return { path, method: 'line-endings', from: stored.sha256, to: content.sha256, origin };
    }),
  };
}

/** Each INF on the disc with its catalog, in the order of the files. */
function infsWithCatalog({ files, packages }: FilesToRepair) {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const byInf = new Map(packages.map((driverPackage) => [driverPackage.inf, driverPackage]));
  return files.flatMap((inf): { inf: CollectedFile; catalog: CollectedFile }[] => {
    const path = byInf.get(inf.path)?.catalogPath;
    const catalog = path === undefined ? undefined : byPath.get(path);
    return catalog === undefined ? [] : [{ inf, catalog }];
  });
}

/** Accepts only a repaired INF that the catalog holds, so that only the signer's own bytes get on the disc. */
async function repairInf(inf: Content, catalog: Content, folder: string): Promise<Content | undefined> {
  const list = await readCatalog(catalog);
  if (list === undefined) return undefined;
  const isHeld = (bytes: Uint8Array) => membersOf(list, flatDigests(bytes)).length > 0;
  const bytes = repairLineEndings(await readStored(inf), isHeld);
  if (bytes === undefined) return undefined;
  const file = join(folder, `${inf.sha256}-${catalog.sha256}.inf`);
  await writeFile(file, bytes);
  return hashFile(file);
}

/** Leaves an unreadable catalog to the rule `catalog/unreadable`. */
async function readCatalog(catalog: Content) {
  try {
    return parseCatalogOnce(await readStored(catalog));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
