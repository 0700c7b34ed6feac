import { PipelineError } from '../core/errors.ts';
import { folderOf, nameOf } from '../core/paths.ts';
import { FormatError } from '../formats/format-error.ts';
import { catalogFile, copiedInfs, type InfFile, installedFiles, namedFiles } from '../formats/inf/files.ts';
import { servedArchs } from '../formats/inf/install.ts';
import { requireInfSize } from '../formats/inf/text.ts';
import { parseInfOnce } from '../formats/parse-once.ts';
import type { Arch } from '../formats/windows/targets.ts';
import type { FileRole, NamedFile } from '../model/driver-tree.ts';
import { type SourceFile, storedBytes } from '../sources/define.ts';
import { readStored, storedSize } from '../system/stored-bytes.ts';
import type { SourceIndex } from './source-index.ts';

/** A file of a driver in a source, and its role. */
export interface ClaimedFile {
  readonly file: SourceFile;
  readonly role: FileRole;
}

/** An INF of a driver in a build folder, with the files that it names. */
export interface ClaimedPackage {
  readonly inf: SourceFile;
  readonly files: readonly ClaimedFile[];
  readonly missing: readonly NamedFile[];
  /** Architectures that the INF installs on, amd64 first. */
  readonly archs: readonly Arch[];
}

/** Returns the files that an INF names for an architecture, found beside it in its source; throws when it is not a valid INF. */
export async function claimPackage(
  source: SourceIndex,
  inf: SourceFile,
  arch: Arch,
): Promise<ClaimedPackage> {
  const { catalog, named, needed, archs } = await readInf(source.id, inf, arch);
  const folder = folderOf(inf.path);
  const files: ClaimedFile[] = [{ file: inf, role: 'inf' }];
  for (const { name } of catalog === undefined ? named : [catalog, ...named]) {
    const file = source.find(folder, name);
    if (file === undefined) continue;
    if (name === catalog?.name) files.push({ file, role: 'catalog' });
    else files.push({ file, role: 'payload' }, ...symbolsOf(source, file));
  }
  const missing = needed.filter(({ name }) => source.find(folder, name) === undefined);
  return { inf, files: firstRoles(files, ({ file }) => file.path), missing, archs };
}

/** Roles by priority: an INF or a catalog of one package keeps that role when another INF copies it. */
const roleOrder: readonly FileRole[] = ['inf', 'catalog', 'payload', 'extra', 'symbols', 'companion'];

/** Returns each file once, with its highest role. */
export function firstRoles<T extends { readonly role: FileRole }>(
  files: readonly T[],
  pathOf: (file: T) => string,
): T[] {
  const byRole = files.toSorted((a, b) => roleOrder.indexOf(a.role) - roleOrder.indexOf(b.role));
  return [...new Map(byRole.toReversed().map((file) => [pathOf(file), file])).values()].reverse();
}

/** Returns the debug symbols of a binary: the linker names them after it, such as `viostor.pdb` beside `viostor.sys`. */
export function symbolsOf(source: SourceIndex, file: SourceFile): ClaimedFile[] {
  const name = nameOf(file.path);
  if (!/\.(sys|dll|exe)$/i.test(name)) return [];
  const symbols = source.find(folderOf(file.path), name.replace(/\.[^.]+$/, '.pdb'));
  return symbols === undefined ? [] : [{ file: symbols, role: 'symbols' }];
}

interface InfFiles {
  readonly catalog: InfFile | undefined;
  readonly named: readonly InfFile[];
  /** Files without which Windows does not install: the catalog, what is copied, and further INFs. */
  readonly needed: readonly InfFile[];
  readonly archs: readonly Arch[];
}

async function readInf(source: string, inf: SourceFile, arch: Arch): Promise<InfFiles> {
  const stored = storedBytes(inf);
  try {
    requireInfSize(await storedSize(stored));
    const parsed = parseInfOnce(await readStored(stored));
    const catalog = catalogFile(parsed, arch);
    return {
      catalog,
      named: namedFiles(parsed, arch),
      needed: [catalog ?? [], ...installedFiles(parsed, arch), ...copiedInfs(parsed, arch)].flat(),
      archs: servedArchs(parsed),
    };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new PipelineError('input', {
      place: `${source}: ${inf.path}${error.line === undefined ? '' : `:${error.line}`}`,
      message: `is not a valid INF: ${error.message}`,
      hint: 'fix the INF, or list it and the files of its driver under "ignored" in the release',
    });
  }
}
