import { driverOfInf, folderTargets } from '../collect/folder-target.ts';
import { indexSource, type SourceIndex } from '../collect/source-index.ts';
import { isAutorun } from '../collect/undescribed-tree.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { maxDriverFileBytes } from '../core/limits.ts';
import { folderOf, nameOf } from '../core/paths.ts';
import { quoted } from '../core/refusal.ts';
import { catalogHardwareIds, cataloguedFiles } from '../formats/catalog/make.ts';
import { FormatError } from '../formats/format-error.ts';
import { catalogLine, catalogNameProblem } from '../formats/inf/catalog-name.ts';
import { catalogFile } from '../formats/inf/files.ts';
import type { Inf } from '../formats/inf/inf.ts';
import { defaultInstalls } from '../formats/inf/install.ts';
import { modelsSections } from '../formats/inf/models.ts';
import { appliesToArch } from '../formats/inf/select.ts';
import { requireInfSize } from '../formats/inf/text.ts';
import { driverVersion } from '../formats/inf/version.ts';
import { parseInfOnce } from '../formats/parse-once.ts';
import type { Arch } from '../formats/windows/targets.ts';
import { fewOfAKind } from '../manifest/few-problems.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { catalogOs } from '../model/catalog-os.ts';
import { targetPath } from '../model/target.ts';
import { type SourceFile, type SourceTree, storedBytes } from '../sources/define.ts';
import { readStored, storedSize } from '../system/stored-bytes.ts';

/** The catalog that is to be made of one INF, and for which targets. Paths are those in the tree. */
export interface CatalogPlan {
  readonly path: string;
  readonly inf: string;
  readonly targets: readonly TargetRow[];
  readonly files: readonly SourceFile[];
  readonly hardwareIds: readonly string[];
  /** What the catalog calls the Windows of its targets. */
  readonly os: readonly string[];
  /** Seconds since 1970. */
  readonly epoch: number;
}

/** What decides for which Windows an INF is, and of when its catalog. */
export interface PlanOptions extends Pick<Manifest, 'drivers' | 'targets'> {
  /** Seconds since 1970; the date of each INF's `DriverVer` when absent. */
  readonly epoch?: number;
  /** The targets of all INFs, as far as they have models for the architecture; by the folder of each INF when absent. */
  readonly chosen?: readonly TargetRow[];
}

/** Returns a plan for each catalog that the INFs of a tree name, sorted by path; throws one error with every problem. */
export async function planCatalogs(tree: SourceTree, options: PlanOptions): Promise<CatalogPlan[]> {
  const index = indexSource('catalog', tree);
  const problems: Problem[] = [];
  const plans: CatalogPlan[] = [];
  for (const file of driverInfs(tree)) {
    try {
      plans.push(...plansOfInf(index, file, await readInf(file), options));
    } catch (error) {
      problems.push(...problemsOfInf(error, file.path));
    }
  }
  problems.push(...sharedCatalogs(plans), ...(await tooLarge(plans)));
  if (problems.length > 0) throw new PipelineError('input', fewOfAKind(problems));
  return plans.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Returns the files of a tree that may be INFs of drivers. */
export function driverInfs({ files }: SourceTree): readonly SourceFile[] {
  return files.filter(({ path }) => /\.inf$/i.test(path) && !isAutorun(path));
}

/** Reads an INF of at most the size that Windows takes. */
export async function readInf(file: SourceFile): Promise<Inf> {
  const stored = storedBytes(file);
  requireInfSize(await storedSize(stored));
  return parseInfOnce(await readStored(stored));
}

/** Returns what is wrong with an INF; rethrows any other error. */
export function problemsOfInf(error: unknown, place: string): readonly Problem[] {
  if (error instanceof PipelineError && error.kind === 'input') return error.problems;
  if (!(error instanceof FormatError)) throw error;
  const line = error.line === undefined ? '' : `:${error.line}`;
  return [
    { place: `${place}${line}`, message: `is not a valid INF: ${error.message}`, hint: 'mend the INF' },
  ];
}

/** An INF with `CatalogFile.nt<arch>` has a catalog for each architecture, any other has one. */
function plansOfInf(index: SourceIndex, file: SourceFile, inf: Inf, options: PlanOptions): CatalogPlan[] {
  const rows = rowsOf(file.path, inf, options);
  const byCatalog = new Map<string, TargetRow[]>();
  for (const row of rows) {
    const key = namedCatalog(file.path, inf, row.arch).toLowerCase();
    byCatalog.set(key, [...(byCatalog.get(key) ?? []), row]);
  }
  return [...byCatalog.values()].map((own) => planOf(index, file, inf, own, options.epoch));
}

function rowsOf(path: string, inf: Inf, { drivers, targets, chosen }: PlanOptions): readonly TargetRow[] {
  if (chosen !== undefined) {
    const fitting = chosen.filter(({ arch }) => installsOn(inf, arch));
    if (fitting.length > 0) return fitting;
    const archs = [...new Set(chosen.map(({ arch }) => arch))].join(' or ');
    throw mistake(path, `has no models for ${archs}`, 'give --targets that the INF is for');
  }
  const served = folderTargets(folderOf(path), driverOfInf(nameOf(path), drivers), targets).targets;
  const names = served.map(targetPath);
  if (names.length === 0)
    throw mistake(
      path,
      'its folder does not say which Windows it is for',
      'give --targets, such as --targets w10/amd64,w11/amd64',
    );
  return targets.filter((row) => names.includes(targetPath(row)));
}

function installsOn(inf: Inf, arch: Arch): boolean {
  return (
    modelsSections(inf).some((section) => appliesToArch(section, arch) && section.models.length > 0) ||
    defaultInstalls(inf).length > 0
  );
}

function planOf(
  index: SourceIndex,
  file: SourceFile,
  inf: Inf,
  targets: readonly TargetRow[],
  epoch = driverDate(inf),
): CatalogPlan {
  const folder = folderOf(file.path);
  const archs = [...new Set(targets.map(({ arch }) => arch))];
  const names = cataloguedFiles(inf, nameOf(file.path), archs);
  const missing = names.filter((name) => index.find(folder, name) === undefined);
  if (missing.length > 0)
    throw new PipelineError(
      'input',
      missing.map((name) => ({
        place: file.path,
        message: `names ${name}, which is not there`,
        hint: 'put all files of the driver beside the INF',
      })),
    );
  const [arch = 'amd64'] = archs;
  const name = catalogFile(inf, arch)?.name ?? '';
  if (epoch === undefined)
    throw mistake(file.path, 'has no date in its DriverVer', 'mend it, or set SOURCE_DATE_EPOCH');
  return {
    path: index.find(folder, name)?.path ?? (folder === '.' ? name : `${folder}/${name}`),
    inf: file.path,
    targets,
    files: names.flatMap((each) => index.find(folder, each) ?? []),
    hardwareIds: catalogHardwareIds(inf, archs),
    os: catalogOs(targets),
    epoch,
  };
}

function driverDate(inf: Inf): number | undefined {
  const date = driverVersion(inf)?.date;
  return date === undefined ? undefined : Date.parse(date) / 1000;
}

/** Returns the catalog that an INF names for an architecture; throws where it names none beside it. */
export function namedCatalog(path: string, inf: Inf, arch: Arch): string {
  const named = catalogFile(inf, arch);
  if (named === undefined)
    throw mistake(path, `names no catalog for ${arch}`, `add "${catalogLine(path)}" to its [Version]`);
  const { name, line } = named;
  const problem = catalogNameProblem(name);
  if (problem === undefined) return name;
  const message = `CatalogFile names ${quoted(name)}: ${problem}`;
  throw mistake(`${path}:${line}`, message, `write "${catalogLine(path)}"`);
}

function mistake(place: string, message: string, hint: string): PipelineError {
  return new PipelineError('input', { place, message, hint });
}

/** Microsoft wants a catalog for each INF (Windows driver documentation, "Catalog Files and Digital Signatures"). */
function sharedCatalogs(plans: readonly CatalogPlan[]): Problem[] {
  const first = new Map<string, CatalogPlan>();
  return plans.flatMap((plan) => {
    const key = plan.path.toLowerCase();
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, plan);
      return [];
    }
    const message = `names the same catalog as ${other.inf}: ${nameOf(plan.path)}`;
    return [{ place: plan.inf, message, hint: 'give each INF a catalog of its own' }];
  });
}

async function tooLarge(plans: readonly CatalogPlan[]): Promise<Problem[]> {
  const files = new Map(plans.flatMap((plan) => plan.files.map((file) => [file.path, file])));
  const problems: Problem[] = [];
  for (const file of files.values()) {
    const size = await storedSize(storedBytes(file));
    if (size <= maxDriverFileBytes) continue;
    const message = `has ${size} bytes; at most ${maxDriverFileBytes} are read`;
    problems.push({ place: file.path, message, hint: 'an INF names files of its driver only' });
  }
  return problems;
}
