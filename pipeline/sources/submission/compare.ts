import { groupBy } from '../../core/group-by.ts';
import { byCodeUnit } from '../../core/order.ts';
import { nameOf } from '../../core/paths.ts';
import { parseCatalog } from '../../formats/catalog/catalog.ts';
import { FormatError } from '../../formats/format-error.ts';
import { hasPeSignature } from '../../formats/pe/headers.ts';
import { authenticodeDigest } from '../../formats/pe/signature.ts';
import { hashStored, readStored } from '../../system/stored-bytes.ts';
import { type SourceFile, type SourceTree, storedBytes } from '../define.ts';
import type { SubmissionRecord, SubmittedFile, SubmittedFolder } from './submission-schema.ts';

/** How a returned file differs from what was sent. */
export interface ReturnProblem {
  readonly path: string;
  readonly message: string;
}

/**
 * Compares what Microsoft returned with what was sent: INFs and other files must be the same, binaries must differ in signatures only,
 * catalogs are Microsoft's own, under its roots. Debug symbols may be absent. Returns the files at their paths on the disc.
 */
export async function compareReturned(
  { files }: SourceTree,
  { folders }: SubmissionRecord,
  signal: AbortSignal,
): Promise<{ readonly files: readonly SourceFile[]; readonly problems: readonly ReturnProblem[] }> {
  const problems: ReturnProblem[] = [];
  const returned: SourceFile[] = [];
  const byFolder = groupBy(files, ({ path }) => path.split('/').at(-2)?.toLowerCase() ?? '');
  const known = new Set(folders.map(({ folder }) => folder.toLowerCase()));
  for (const [folder, found] of byFolder)
    if (!known.has(folder))
      problems.push(
        ...found.map(({ path }) => ({ path, message: 'was not sent: its folder is not in the record' })),
      );
  for (const folder of folders) {
    signal.throwIfAborted();
    const found = byFolder.get(folder.folder.toLowerCase()) ?? [];
    const compared = await compareFolder(folder, found);
    problems.push(...compared.problems);
    returned.push(...folder.paths.flatMap((path) => placed(compared.files, path)));
  }
  return { files: returned.sort((one, other) => byCodeUnit(one.path, other.path)), problems };
}

/** Returns files at a folder of the disc, under the names that they had when they were sent. */
function placed(files: ReadonlyMap<string, SourceFile>, folder: string): SourceFile[] {
  return [...files].map(([name, file]) => ({ ...file, path: `${folder}/${name}` }));
}

async function compareFolder({ folder, files: sent }: SubmittedFolder, found: readonly SourceFile[]) {
  const byName = groupBy(found, ({ path }) => nameKey(path));
  const files = new Map<string, SourceFile>();
  const problems: ReturnProblem[] = [];
  for (const file of sent) {
    const path = `${folder}/${file.name}`;
    const [one, another] = byName.get(file.name.toLowerCase()) ?? [];
    byName.delete(file.name.toLowerCase());
    if (one === undefined) {
      if (!/\.pdb$/i.test(file.name)) problems.push({ path, message: 'was sent and did not come back' });
    } else if (another !== undefined) problems.push({ path, message: 'came back twice' });
    else if (await isSame(one, file)) files.set(file.name, one);
    else problems.push({ path: one.path, message: 'is not the file that was sent' });
  }
  for (const [, [one]] of byName) {
    if (one === undefined) continue;
    if (isCatalog(one.path)) files.set(nameOf(one.path), one);
    else problems.push({ path: one.path, message: 'was not sent' });
  }
  for (const file of files.values())
    if (isCatalog(file.path) && !(await isMicrosofts(file)))
      problems.push({ path: file.path, message: 'is not signed by Microsoft: its chain ends elsewhere' });
  return { files, problems };
}

/** Names prove nothing: the chain leads, by keys, to a root of Microsoft's for drivers. */
async function isMicrosofts(catalog: SourceFile): Promise<boolean> {
  try {
    const { signers } = parseCatalog(await readStored(storedBytes(catalog))).signature;
    return signers.some(({ problem, issuedByMicrosoft }) => problem === undefined && issuedByMicrosoft);
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

async function isSame(file: SourceFile, sent: SubmittedFile): Promise<boolean> {
  if (isCatalog(sent.name)) return true;
  const stored = storedBytes(file);
  if ((await hashStored(stored)).sha256 === sent.sha256) return true;
  return sent.authenticode !== undefined && binaryDigest(await readStored(stored)) === sent.authenticode;
}

/** Returns the SHA-256 Authenticode digest of a binary, undefined for any other file. */
export function binaryDigest(bytes: Uint8Array): string | undefined {
  try {
    return hasPeSignature(bytes) ? authenticodeDigest(bytes, 'sha256') : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function nameKey(path: string): string {
  return nameOf(path).toLowerCase();
}

function isCatalog(path: string): boolean {
  return /\.cat$/i.test(path);
}
