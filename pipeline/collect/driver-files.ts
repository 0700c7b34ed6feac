import { readFile } from 'node:fs/promises';
import semver from 'semver';
import type { SourceFile } from '../define.ts';
import { PipelineError } from '../errors.ts';
import type { DriverEntry } from '../manifest/read.ts';
import type { FileRole, NamedFile } from '../types.ts';
import { FormatError } from '../windows/format-error.ts';
import { parseInf } from '../windows/inf.ts';
import { catalogFile, type InfFile, namedFiles } from '../windows/inf-files.ts';
import type { Arch } from '../windows/targets.ts';
import type { Claim } from './claims.ts';
import { folderOf, nameOf, type SourceIndex } from './source-index.ts';

/** A file of a driver in a source, and why it belongs to it. */
export interface ClaimedFile {
  readonly file: SourceFile;
  readonly role: FileRole;
}

/** One INF of a driver in a build folder, with the files that it names. */
export interface ClaimedPackage {
  readonly inf: SourceFile;
  readonly files: readonly ClaimedFile[];
  readonly missing: readonly NamedFile[];
}

/** What a driver has in one build folder for one target. */
export interface DriverFiles {
  readonly packages: readonly ClaimedPackage[];
  readonly extras: readonly ClaimedFile[];
  readonly missingExtras: readonly string[];
}

/** Returns the INFs of a driver that a folder of a source holds. */
export function driverInfs(driver: DriverEntry, source: SourceIndex, folder: string): SourceFile[] {
  return driver.inf.flatMap((name) => source.find(folder, name) ?? []);
}

/** Returns the files of a driver for a target: its INFs, what they name, the manifest's extras, and debug symbols of all of these. */
export async function driverFiles({ driver, source, folder, target }: Claim): Promise<DriverFiles> {
  const packages = await Promise.all(
    driverInfs(driver, source, folder).map((inf) => claimPackage(source, inf, target.arch)),
  );
  const expected = driver.extras.filter(({ windows }) => semver.satisfies(target.version, windows ?? '*'));
  const extras = expected.flatMap(({ file: name }): ClaimedFile[] => {
    const file = source.find(folder, name);
    return file === undefined ? [] : [{ file, role: 'extra' }, ...symbolsOf(source, file)];
  });
  return {
    packages,
    extras,
    missingExtras: expected
      .filter(({ file }) => source.find(folder, file) === undefined)
      .map(({ file }) => file),
  };
}

async function claimPackage(source: SourceIndex, inf: SourceFile, arch: Arch): Promise<ClaimedPackage> {
  const { catalog, named } = await readInf(source.id, inf, arch);
  const folder = folderOf(inf.path);
  const files: ClaimedFile[] = [{ file: inf, role: 'inf' }];
  const missing: NamedFile[] = [];
  for (const { name, line } of catalog === undefined ? named : [catalog, ...named]) {
    const file = source.find(folder, name);
    if (file === undefined) missing.push({ name, line });
    else if (name === catalog?.name) files.push({ file, role: 'catalog' });
    else files.push({ file, role: 'payload' }, ...symbolsOf(source, file));
  }
  return { inf, files, missing };
}

/** The linker names a binary's debug symbols after it: `viostor.sys` has `viostor.pdb` beside it. */
function symbolsOf(source: SourceIndex, file: SourceFile): ClaimedFile[] {
  const name = nameOf(file.path);
  if (!/\.(sys|dll|exe)$/i.test(name)) return [];
  const symbols = source.find(folderOf(file.path), name.replace(/\.[^.]+$/, '.pdb'));
  return symbols === undefined ? [] : [{ file: symbols, role: 'symbols' }];
}

interface InfFiles {
  readonly catalog: InfFile | undefined;
  readonly named: readonly InfFile[];
}

async function readInf(source: string, inf: SourceFile, arch: Arch): Promise<InfFiles> {
  if (inf.file === undefined) throw new Error(`${inf.path} was skipped by its source`);
  try {
    const parsed = parseInf(await readFile(inf.file));
    return { catalog: catalogFile(parsed, arch), named: namedFiles(parsed, arch) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new PipelineError('input', {
      place: `${source}: ${inf.path}${error.line === undefined ? '' : `:${error.line}`}`,
      message: `is not a valid INF: ${error.message}`,
      hint: 'mend the INF, or list it and the files of its driver under "ignored" in the release',
    });
  }
}
