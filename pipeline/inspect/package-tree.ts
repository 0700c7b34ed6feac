import pMap from 'p-map';
import { type ClaimedPackage, claimPackage } from '../collect/claim-package.ts';
import { folderOf, indexSource, nameOf, type SourceIndex } from '../collect/source-index.ts';
import type { RunContext } from '../context.ts';
import type { SourceTree } from '../define.ts';
import { PipelineError, type Problem } from '../errors.ts';
import { hashFile } from '../host/files.ts';
import type { Manifest } from '../manifest/read.ts';
import type { DiscFile, DriverPackage, DriverTree, FileRole } from '../types.ts';
import { driverOfInf, folderTarget } from './folder-target.ts';

/** A tree of any layout as the rules want it, and the INFs that cannot be read. */
export interface InspectedTree {
  readonly tree: DriverTree;
  readonly problems: readonly Problem[];
}

/** Makes a driver tree of a folder or disc that no release describes: every INF is a package, at the path where it lies. */
export async function packageTree(
  source: SourceTree,
  { drivers, targets }: Pick<Manifest, 'drivers' | 'targets'>,
  context: Pick<RunContext, 'signal'>,
): Promise<InspectedTree> {
  const index = indexSource('inspected', source);
  const infs = source.files.filter(({ path }) => path.toLowerCase().endsWith('.inf'));
  const problems: Problem[] = [];
  const claimed: { claim: ClaimedPackage; driverPackage: DriverPackage; isBootFolder: boolean }[] = [];
  for (const inf of infs) {
    const { target, isBootFolder } = folderTarget(folderOf(inf.path), targets);
    try {
      const claim = await claimPackage(index, inf, target.arch);
      const driverPackage: DriverPackage = {
        driver: driverOfInf(nameOf(inf.path), drivers),
        target,
        inf: inf.path,
        files: claim.files.filter(({ role }) => role !== 'symbols').map(({ file }) => file.path),
        missing: claim.missing,
      };
      claimed.push({ claim, driverPackage, isBootFolder });
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      problems.push(...error.problems.map((problem) => ({ ...problem, place: inf.path, hint: infHint })));
    }
  }
  const packages = claimed
    .filter(({ driverPackage, isBootFolder }) => !isBootFolder || !isElsewhere(driverPackage, claimed))
    .map(({ driverPackage }) => driverPackage);
  const roles = new Map(
    claimed.flatMap(({ claim }) => claim.files.map(({ file, role }) => [file.path, role] as const)),
  );
  return {
    tree: {
      files: await hashAll(index, roles, context),
      symbols: [],
      packages,
      missingExtras: [],
      sources: [],
      repairs: [],
    },
    problems,
  };
}

const infHint = 'Windows cannot read it either: get the INF again from the driver build';

function isElsewhere(
  { driver, target, inf }: DriverPackage,
  all: readonly { readonly driverPackage: DriverPackage; readonly isBootFolder: boolean }[],
): boolean {
  return all.some(
    ({ driverPackage: other, isBootFolder }) =>
      !isBootFolder &&
      other.inf !== inf &&
      other.driver === driver &&
      other.target.os === target.os &&
      other.target.arch === target.arch,
  );
}

async function hashAll(
  { id, tree }: SourceIndex,
  roles: ReadonlyMap<string, FileRole>,
  { signal }: Pick<RunContext, 'signal'>,
): Promise<DiscFile[]> {
  const hash = async ({ path, file }: SourceTree['files'][number]): Promise<DiscFile[]> => {
    if (file === undefined) return [];
    const role = roles.get(path) ?? (path.toLowerCase().endsWith('.pdb') ? 'symbols' : 'extra');
    return [{ path, content: await hashFile(file, signal), origin: { source: id, path }, role }];
  };
  return (await pMap(tree.files, hash, { concurrency: 4, signal })).flat();
}
