import { indexSource, type SourceIndex } from '../collect/source-index.ts';
import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { groupBy } from '../core/group-by.ts';
import { folderOf, nameOf } from '../core/paths.ts';
import { parseCatalog } from '../formats/catalog/catalog.ts';
import { fileDigests, membersOf } from '../formats/catalog/file-digests.ts';
import { cataloguedFiles } from '../formats/catalog/make.ts';
import { catalogFile } from '../formats/inf/files.ts';
import type { Inf } from '../formats/inf/inf.ts';
import { servedArchs } from '../formats/inf/install.ts';
import { archOfCatalogWord } from '../formats/windows/catalog-words.ts';
import type { Arch } from '../formats/windows/targets.ts';
import { fewOfAKind } from '../manifest/few-problems.ts';
import type { SignedDriverFile } from '../sign/plan-signing.ts';
import { type SourceFile, type SourceTree, storedBytes } from '../sources/define.ts';
import { readStored } from '../system/stored-bytes.ts';
import { driverInfs, namedCatalog, problemsOfInf, readInf } from './plan-catalogs.ts';

/**
 * Throws unless each INF of a folder has its catalog there, which holds the INF and the files that it names as they are: Windows takes a
 * driver for unsigned otherwise, whoever signs the catalog. A catalog answers for the architectures that it was made for, and one of an
 * INF with several is only noted when it is not there. Catalogs that Microsoft signed stay as they are and are not judged.
 */
export async function requireFreshCatalogs(
  tree: SourceTree,
  signed: readonly SignedDriverFile[],
  folder: string,
  { reporter }: Pick<RunContext, 'reporter'>,
): Promise<void> {
  const index = indexSource('sign', tree);
  const kept = new Set(signed.flatMap(({ path, state }) => (state === 'kept' ? [path] : [])));
  const problems: Problem[] = [];
  const notes: string[] = [];
  for (const file of driverInfs(tree)) {
    try {
      const inf = await readInf(file);
      const named = catalogsOf(file, inf).map(([name, archs]) => ({
        name,
        archs,
        catalog: index.find(folderOf(file.path), name),
      }));
      const hasAny = named.some(({ catalog }) => catalog !== undefined);
      for (const { name, archs, catalog } of named) {
        if (catalog === undefined && hasAny)
          notes.push(
            `${file.path}: its catalog ${name} is not there, so that it stays unsigned for ${archs.join(' and ')}`,
          );
        else if (catalog === undefined) problems.push(unmade(file.path, name, folder));
        else if (!kept.has(catalog.path))
          problems.push(...(await staleIn(catalog, archs, { inf, file, index, folder })));
      }
    } catch (error) {
      problems.push(...problemsOfInf(error, file.path));
    }
  }
  if (problems.length > 0) throw new PipelineError('input', fewOfAKind(problems));
  for (const note of notes) reporter.note(note);
}

/** Returns the catalogs that an INF names, with the architectures that it installs on for which it names them; throws where it names none at all. */
function catalogsOf({ path }: SourceFile, inf: Inf): [string, readonly Arch[]][] {
  const archs = servedArchs(inf);
  const catalogued = archs.filter((arch) => catalogFile(inf, arch) !== undefined);
  const named = (catalogued.length > 0 ? catalogued : archs).map((arch) => ({
    arch,
    name: namedCatalog(path, inf, arch),
  }));
  const byName = groupBy(named, ({ name }) => name.toLowerCase());
  return [...byName.values()].map((same) => [same[0]?.name ?? '', same.map(({ arch }) => arch)]);
}

function unmade(inf: string, name: string, folder: string): Problem {
  const message = `its catalog ${name} is not there, so that Windows would take its driver for unsigned`;
  return { place: inf, message, hint: `write it first: pvdisc catalog ${folder}` };
}

interface InfInFolder {
  readonly inf: Inf;
  readonly file: SourceFile;
  readonly index: SourceIndex;
  readonly folder: string;
}

/** A catalog that does not say for which architectures it was made answers for all that the INF names it for. */
async function staleIn(
  catalog: SourceFile,
  archs: readonly Arch[],
  { inf, file, index, folder }: InfInFolder,
): Promise<Problem[]> {
  const list = parseCatalog(await readStored(storedBytes(catalog)));
  const madeFor = list.os.map(archOfCatalogWord);
  const own = archs.filter((arch) => madeFor.includes(arch));
  const names = cataloguedFiles(inf, nameOf(file.path), own.length > 0 ? own : archs);
  const problems: Problem[] = [];
  for (const found of names.flatMap((name) => index.find(folderOf(file.path), name) ?? [])) {
    const digests = fileDigests(await readStored(storedBytes(found)));
    if (membersOf(list, digests).length > 0) continue;
    const message = `does not hold ${nameOf(found.path)} as it is now, so that Windows would take the driver for unsigned`;
    problems.push({
      place: catalog.path,
      message,
      hint: `write it again: pvdisc catalog ${folder} --replace`,
    });
  }
  return problems;
}
