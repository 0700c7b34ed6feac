import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { byCodeUnit } from '../core/order.ts';
import { folderOf, nameOf } from '../core/paths.ts';
import { catalogHardwareIds, cataloguedFiles } from '../formats/catalog/make.ts';
import { FormatError } from '../formats/format-error.ts';
import { catalogNameProblem } from '../formats/inf/catalog-name.ts';
import { catalogFile } from '../formats/inf/files.ts';
import type { Inf } from '../formats/inf/inf.ts';
import { driverVersion } from '../formats/inf/version.ts';
import { parseInfOnce } from '../formats/parse-once.ts';
import { fewOfAKind } from '../manifest/few-problems.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { releasePlace } from '../manifest/read.ts';
import type { Release } from '../manifest/release-schema.ts';
import type { TargetRow } from '../manifest/targets-schema.ts';
import { catalogOs } from '../model/catalog-os.ts';
import type { DiscFile, DriverPackage, DriverTree } from '../model/driver-tree.ts';
import { targetPath } from '../model/target.ts';
import { hashFile } from '../system/files.ts';
import { readStored } from '../system/stored-bytes.ts';
import { makeCatalog } from './make-catalog.ts';
import { type PlanHow, plannedState } from './plan-signing.ts';

/** A catalog that is to be made: packages of one INF share it, so that it is signed once. */
interface CatalogGroup {
  readonly inf: Inf;
  readonly name: string;
  readonly packages: DriverPackage[];
}

/** A made catalog by its path on the disc: the digest of the one whose place it takes, and who signed that. */
export type MadeCatalogs = ReadonlyMap<string, { readonly from?: string; readonly replaced?: string }>;

/** Returns the tree with the catalogs, still unsigned, that the release's `sign` asks for. What cannot have one, such as an INF without `CatalogFile`, is left to the rules. */
export async function makeReleaseCatalogs(
  manifest: Manifest,
  tree: DriverTree,
  packages: readonly DriverPackage[],
  how: PlanHow & { readonly asked: NonNullable<Release['sign']> },
  context: ReleaseContext,
): Promise<{ readonly tree: DriverTree; readonly made: MadeCatalogs }> {
  const byPath = new Map(tree.files.map((file) => [file.path, file]));
  const groups = await groupByInf(packages, byPath, how.asked);
  requireOwnCatalogs(groups);
  const byLowerPath = new Map(tree.files.map((file) => [file.path.toLowerCase(), file]));
  const folder = join(context.workDir, 'catalogs');
  await mkdir(folder, { recursive: true });
  const made = new Map<string, { from?: string; replaced?: string }>();
  const files = new Map(byPath);
  for (const group of groups) {
    context.signal.throwIfAborted();
    const toMake = catalogToMake(manifest, group, byLowerPath, how.asked, context.epoch);
    const { bytes } = await makeCatalog(toMake);
    const file = join(folder, `${made.size}.cat`);
    await writeFile(file, bytes);
    const content = await hashFile(file);
    for (const driverPackage of group.packages) {
      const path = catalogPathOf(driverPackage, group.name);
      const there = byPath.get(path);
      made.set(path, there === undefined ? {} : await replaced(there, how));
      files.set(path, { ...(there ?? { path, role: 'catalog' }), content });
    }
  }
  return { tree: withMade(tree, groups, files), made };
}

async function groupByInf(
  packages: readonly DriverPackage[],
  byPath: ReadonlyMap<string, DiscFile>,
  { catalogs }: NonNullable<Release['sign']>,
): Promise<CatalogGroup[]> {
  const groups = new Map<string, CatalogGroup>();
  for (const driverPackage of packages) {
    if (catalogs === 'missing' && driverPackage.catalogPath !== undefined) continue;
    const file = byPath.get(driverPackage.inf);
    if (file === undefined) throw new Error(`${driverPackage.inf} is not in its tree`);
    const inf = parseInfOnce(await readStored(file.content));
    const name = catalogFile(inf, driverPackage.target.arch)?.name;
    if (name === undefined || catalogNameProblem(name) !== undefined) continue;
    const { source = '', path = '' } = file.origin ?? {};
    const key = [source, path, file.content.sha256, name.toLowerCase()].join('\0');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { inf, name, packages: [driverPackage] });
    else group.packages.push(driverPackage);
  }
  return [...groups.values()];
}

/** Microsoft wants a catalog for each INF (Windows driver documentation, "Catalog Files and Digital Signatures"). */
function requireOwnCatalogs(groups: readonly CatalogGroup[]): void {
  const first = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { name, packages } of groups) {
    for (const { inf, catalogPath = `${folderOf(inf)}/${name}` } of packages) {
      const other = first.get(catalogPath.toLowerCase());
      first.set(catalogPath.toLowerCase(), other ?? inf);
      if (other === undefined) continue;
      const message = `names the same catalog as ${other}: ${name}`;
      problems.push({ place: inf, message, hint: 'give each INF a catalog of its own' });
    }
  }
  if (problems.length > 0) throw new PipelineError('input', fewOfAKind(problems));
}

function catalogToMake(
  manifest: Manifest,
  { inf, packages }: CatalogGroup,
  byLowerPath: ReadonlyMap<string, DiscFile>,
  { targets }: NonNullable<Release['sign']>,
  epoch: number | undefined,
) {
  const archs = [...new Set(packages.map(({ target }) => target.arch))];
  const [{ inf: infPath } = { inf: '' }] = packages;
  const folders = packages.map((driverPackage) => folderOf(driverPackage.inf));
  const names = targets ?? packages.map(({ target }) => targetPath(target));
  const rows = manifest.targets.filter((row) => archs.includes(row.arch) && names.includes(targetPath(row)));
  if (rows.length === 0) throw noTarget(manifest, infPath, archs.join(' or '));
  return {
    files: cataloguedFiles(inf, nameOf(infPath), archs).flatMap((name) => {
      const found = folders.flatMap((folder) => byLowerPath.get(`${folder}/${name}`.toLowerCase()) ?? [])[0];
      return found === undefined ? [] : [{ path: name, stored: found.content }];
    }),
    hardwareIds: catalogHardwareIds(inf, archs),
    os: catalogOs(rows as readonly TargetRow[]),
    epoch: epoch ?? Date.parse(driverVersion(inf)?.date ?? '1970-01-01') / 1000,
  };
}

function noTarget(manifest: Manifest, inf: string, archs: string): PipelineError {
  return new PipelineError('input', {
    place: releasePlace(manifest, 'sign', 'targets'),
    message: `names no Windows for ${archs}, which ${inf} is for`,
    hint: 'add one, or remove "targets": each catalog is then for the Windows that its driver is on the disc for',
  });
}

function catalogPathOf({ inf, catalogPath }: DriverPackage, name: string): string {
  return catalogPath ?? `${folderOf(inf)}/${name}`;
}

/** Throws when others signed the catalog that is there, and their signatures stay. */
async function replaced({ path, content }: DiscFile, how: PlanHow) {
  const from = content.sha256;
  try {
    const { replaced: name } = plannedState(await readStored(content), path, how, []);
    return { from, ...(name !== undefined && { replaced: name }) };
  } catch (error) {
    if (error instanceof FormatError) return { from };
    throw error;
  }
}

function withMade(
  tree: DriverTree,
  groups: readonly CatalogGroup[],
  files: ReadonlyMap<string, DiscFile>,
): DriverTree {
  const names = new Map(groups.flatMap(({ name, packages }) => packages.map((one) => [one, name] as const)));
  return {
    ...tree,
    files: [...files.values()].sort((a, b) => byCodeUnit(a.path, b.path)),
    packages: tree.packages.map((driverPackage) => {
      const name = names.get(driverPackage);
      if (name === undefined || driverPackage.catalogPath !== undefined) return driverPackage;
      const catalogPath = catalogPathOf(driverPackage, name);
      return {
        ...driverPackage,
        catalogPath,
        files: [...driverPackage.files, catalogPath].sort(byCodeUnit),
        missing: driverPackage.missing.filter((file) => file.name !== name),
      };
    }),
  };
}
