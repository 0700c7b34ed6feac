import pMap from 'p-map';
import type { Content, StoredBytes } from '../core/content.ts';
import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { maxDriverFileBytes } from '../core/limits.ts';
import { folderOf, nameOf } from '../core/paths.ts';
import { FormatError } from '../formats/format-error.ts';
import { readPeHeaders } from '../formats/pe/headers.ts';
import { type Arch, archFacts, archNames } from '../formats/windows/targets.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { isInSetupFolder } from '../model/disc-layout.ts';
import type { DiscFile, DriverPackage, DriverTree, FileRole } from '../model/driver-tree.ts';
import { type Target, unknown } from '../model/target.ts';
import { type SourceTree, storedBytes } from '../sources/define.ts';
import { hashStored, readStored, storedKey, storedSize } from '../system/stored-bytes.ts';
import { type ClaimedPackage, claimPackage, firstRoles } from './claim-package.ts';
import { archInPath, driverOfInf, folderTargets } from './folder-target.ts';
import { indexSource, type SourceIndex } from './source-index.ts';

/** A tree of any layout for the rules, and the INFs that cannot be read. */
interface InspectedTree {
  readonly tree: DriverTree;
  readonly problems: readonly Problem[];
}

/** Makes a driver tree of a folder or disc that no release describes: every INF is a package, at its own path, for each target of its folder. */
export async function packageTree(
  source: SourceTree,
  { drivers, targets }: Pick<Manifest, 'drivers' | 'targets'>,
  context: Pick<RunContext, 'signal'>,
): Promise<InspectedTree> {
  const index = indexSource('inspected', source);
  const infs = source.files.filter(({ path }) => /\.inf$/i.test(path) && !isAutorun(path));
  const problems: Problem[] = [];
  const claimed: InspectedClaim[] = [];
  for (const inf of infs) {
    try {
      claimed.push(...(await claimsOf(index, inf, { drivers, targets })));
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      problems.push(
        ...error.problems.map((problem) => ({
          ...problem,
          place: problem.place.replace(`${index.id}: `, ''),
          hint: infHint,
        })),
      );
    }
  }
  const claimedFiles = claimed.flatMap(({ claim }) => claim.files);
  const roles = new Map(
    firstRoles(claimedFiles, ({ file }) => file.path).map(({ file, role }) => [file.path, role]),
  );
  const files = await hashAll(index, roles, context);
  const digests = new Map(files.map(({ path, content }) => [path, content.sha256]));
  const isSetupCopy = setupCopies(claimed, digests);
  const kept = claimed.filter(
    (claim) =>
      !(claim.isBootFolder && isElsewhere(claim.driverPackage, claimed)) && !isSetupCopy(claim.driverPackage),
  );
  return {
    tree: {
      files,
      symbols: [],
      packages: kept.map(({ driverPackage }) => driverPackage),
      missingExtras: [],
      unnamed: [],
      sources: [],
      repairs: [],
    },
    problems,
  };
}

/** Whether a file tells Windows what to start when a disc is inserted ("Autorun.inf Entries"), which is not a driver. */
export function isAutorun(path: string): boolean {
  return nameOf(path).toLowerCase() === 'autorun.inf';
}

interface InspectedClaim {
  readonly claim: ClaimedPackage;
  readonly driverPackage: DriverPackage;
  readonly isBootFolder: boolean;
}

/** Makes an INF a package for each target of its folder, or for an unknown Windows where the folder has none. */
async function claimsOf(
  index: SourceIndex,
  inf: SourceTree['files'][number],
  { drivers, targets }: Pick<Manifest, 'drivers' | 'targets'>,
): Promise<InspectedClaim[]> {
  const known = driverOfInf(nameOf(inf.path), drivers);
  const driver = known?.name ?? nameOf(inf.path).replace(/\.inf$/i, '');
  const served = folderTargets(folderOf(inf.path), known, targets);
  const { isBootFolder } = served;
  const claims: InspectedClaim[] = [];
  for (const target of served.targets) {
    const claim = await claimPackage(index, inf, target.arch);
    claims.push({ claim, driverPackage: packageOf(claim, driver, target), isBootFolder });
  }
  if (claims.length > 0) return claims;
  const { claim, arch } = await claimOfUnknown(index, inf);
  const anyArch = arch === undefined ? { anyArch: true as const } : {};
  const target = { os: unknown, arch: arch ?? claim.archs[0] ?? 'amd64' };
  return [{ claim, driverPackage: { ...packageOf(claim, driver, target), ...anyArch }, isBootFolder }];
}

/**
 * Without a target the path gives the architecture, or models decorated for a single one, or the binaries, or the only architecture
 * that the models apply to; undefined when none of them does.
 */
async function claimOfUnknown(
  index: SourceIndex,
  inf: SourceTree['files'][number],
): Promise<{ readonly claim: ClaimedPackage; readonly arch: Arch | undefined }> {
  const named = archInPath(folderOf(inf.path));
  if (named !== undefined) return { claim: await claimPackage(index, inf, named), arch: named };
  const first = await claimPackage(index, inf, 'amd64');
  const { archs } = first;
  const claimFor = async (arch: Arch) => (arch === 'amd64' ? first : claimPackage(index, inf, arch));
  const claim = await claimFor(archs[0] ?? 'amd64');
  const only = archs.length === 1 ? archs[0] : undefined;
  // Models without decoration apply to x86 alone, also where their author meant another architecture.
  const arch = (only === 'x86' ? undefined : only) ?? (await binaryArch(claim)) ?? only;
  return { claim: arch === undefined ? claim : await claimFor(arch), arch };
}

function packageOf({ inf, files, missing }: ClaimedPackage, driver: string, target: Target): DriverPackage {
  const catalog = files.find(({ role }) => role === 'catalog');
  return {
    driver,
    target,
    inf: inf.path,
    ...(catalog !== undefined && { catalogPath: catalog.file.path }),
    files: files.filter(({ role }) => role !== 'symbols').map(({ file }) => file.path),
    missing,
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

/** Finds the packages that a disc holds once more, with the same bytes, in the folder from which Windows Setup loads by itself. */
function setupCopies(
  claimed: readonly InspectedClaim[],
  digests: ReadonlyMap<string, string>,
): (driverPackage: DriverPackage) => boolean {
  const contentOf = ({ inf, files, missing }: DriverPackage) =>
    JSON.stringify([
      nameOf(inf).toLowerCase(),
      files.map((path) => [path.slice(folderOf(inf).length), digests.get(path)]).sort(),
      missing.map(({ name }) => name),
    ]);
  const packages = claimed.map(({ driverPackage }) => driverPackage);
  const elsewhere = new Set(packages.filter(({ inf }) => !isInSetupFolder(inf)).map(contentOf));
  return (driverPackage) => isInSetupFolder(driverPackage.inf) && elsewhere.has(contentOf(driverPackage));
}

/** Hashes each content once, even if a disc has it under several names. */
async function hashAll(
  { id, tree }: SourceIndex,
  roles: ReadonlyMap<string, FileRole>,
  { signal }: Pick<RunContext, 'signal'>,
): Promise<DiscFile[]> {
  const contents = new Map<string, Promise<Content>>();
  const hash = async (file: SourceTree['files'][number]): Promise<DiscFile> => {
    const { path } = file;
    const stored = storedBytes(file);
    const content = contents.get(storedKey(stored)) ?? hashStored(stored, signal);
    contents.set(storedKey(stored), content);
    const role = roles.get(path) ?? (path.toLowerCase().endsWith('.pdb') ? 'symbols' : 'extra');
    return { path, content: await content, origin: { source: id, path }, role };
  };
  const given = tree.files.filter(({ file }) => file !== undefined);
  return pMap(given, hash, { concurrency: 4, signal });
}

/** Returns the architecture of a driver package's binaries: of its `.sys`, else of its first program or library. */
async function binaryArch({ files }: ClaimedPackage): Promise<Arch | undefined> {
  for (const ending of [/\.sys$/i, /\.(dll|exe)$/i]) {
    for (const { file } of files) {
      if (!ending.test(file.path) || file.file === undefined) continue;
      const machine = await machineOf(storedBytes(file));
      const arch = archNames.find((name) => archFacts[name].machine === machine);
      if (arch !== undefined) return arch;
    }
  }
  return undefined;
}

/** Ignores a damaged or oversized file, which the rules and `problems` report. */
async function machineOf(stored: StoredBytes): Promise<number | undefined> {
  if ((await storedSize(stored)) > maxDriverFileBytes) return undefined;
  try {
    return readPeHeaders(await readStored(stored)).machine;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
