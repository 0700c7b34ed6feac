import { indexSource } from '../collect/source-index.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { folderOf, nameOf } from '../core/paths.ts';
import { parseCatalog } from '../formats/catalog/catalog.ts';
import { fileDigests, membersOf } from '../formats/catalog/file-digests.ts';
import { cataloguedFiles } from '../formats/catalog/make.ts';
import { catalogFile } from '../formats/inf/files.ts';
import { servedArchs } from '../formats/inf/install.ts';
import { fewOfAKind } from '../manifest/few-problems.ts';
import type { SignedDriverFile } from '../sign/plan-signing.ts';
import { type SourceFile, type SourceTree, storedBytes } from '../sources/define.ts';
import { readStored } from '../system/stored-bytes.ts';
import { namedCatalog, problemsOfInf, readInf } from './plan-catalogs.ts';

/**
 * Throws unless each INF of a folder has its catalog there, which holds the INF and the files that it names as they are: Windows takes a
 * driver for unsigned otherwise, whoever signs the catalog. Catalogs that Microsoft signed stay as they are and are not judged.
 */
export async function requireFreshCatalogs(
  tree: SourceTree,
  signed: readonly SignedDriverFile[],
  folder: string,
): Promise<void> {
  const index = indexSource('sign', tree);
  const kept = new Set(signed.flatMap(({ path, state }) => (state === 'kept' ? [path] : [])));
  const problems: Problem[] = [];
  for (const file of tree.files.filter(({ path }) => /\.inf$/i.test(path))) {
    try {
      for (const { name, files } of await catalogsOf(file)) {
        const catalog = index.find(folderOf(file.path), name);
        const there = files.flatMap((one) => index.find(folderOf(file.path), one) ?? []);
        if (catalog === undefined) problems.push(unmade(file.path, name, folder));
        else if (!kept.has(catalog.path)) problems.push(...(await staleIn(catalog, there, folder)));
      }
    } catch (error) {
      problems.push(...problemsOfInf(error, file.path));
    }
  }
  if (problems.length > 0) throw new PipelineError('input', fewOfAKind(problems));
}

/** Returns the catalogs that an INF names for the architectures that it installs on, with the files that each is to hold. */
async function catalogsOf(file: SourceFile) {
  const inf = await readInf(file);
  const archs = servedArchs(inf);
  const names = new Set(archs.map((arch) => namedCatalog(file.path, inf, arch)));
  return [...names].map((name) => {
    const own = archs.filter((arch) => catalogFile(inf, arch)?.name === name);
    return { name, files: cataloguedFiles(inf, nameOf(file.path), own) };
  });
}

function unmade(inf: string, name: string, folder: string): Problem {
  const message = `its catalog ${name} is not there, so that Windows would take its driver for unsigned`;
  return { place: inf, message, hint: `write it first: pvdisc catalog ${folder}` };
}

async function staleIn(catalog: SourceFile, files: readonly SourceFile[], folder: string) {
  const list = parseCatalog(await readStored(storedBytes(catalog)));
  const problems: Problem[] = [];
  for (const file of files) {
    const digests = fileDigests(await readStored(storedBytes(file)));
    if (membersOf(list, digests).length > 0) continue;
    const message = `does not hold ${nameOf(file.path)} as it is now, so that Windows would take the driver for unsigned`;
    problems.push({
      place: catalog.path,
      message,
      hint: `write it again: pvdisc catalog ${folder} --replace`,
    });
  }
  return problems;
}
