import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { quoted } from '../core/refusal.ts';
import { sha256Of } from '../formats/sums.ts';
import { signatureProblem } from '../sources/signature/gpgv.ts';
import { exists } from '../system/files.ts';
import type { RepositoryOptions } from './repository.ts';
import { parsePrimary, parseRepoMd, type RpmEntry } from './rpm-index.ts';
import { notSigned, readIndexPart, requireNoSuite } from './signed-index.ts';

/** A suite of a dnf repository as hosts see it: its packages, its date in milliseconds since 1970, and the names of its index files. */
export interface PublishedRpms {
  readonly entries: readonly RpmEntry[];
  readonly date: number;
  readonly names: readonly string[];
}

export const repomdName = 'repomd.xml';

/** Names of the signature: the one that dnf reads, and that of the repomd.xml with a digest, which a killed run leaves. */
export const repomdSignatures = (sha256: string) => [`${repomdName}.asc`, `${sha256}-${repomdName}.asc`];

/** Far more than repomd.xml, and than the index of 10,000 packages, needs. */
const mostBytes = { repomd: 2 ** 20, part: 2 ** 26 };

/**
 * Reads a suite as it was last published, and copies its index, checked against the signed `repomd.xml`, to the staging folder.
 * Returns an empty suite where its folder is missing or empty; throws when another folder lacks `repomd.xml`.
 */
export async function readPublishedRpms(
  { root, suite, origin }: RepositoryOptions,
  { keyring, staging }: { readonly keyring: Buffer; readonly staging: string },
  signal: AbortSignal,
): Promise<PublishedRpms> {
  const folder = join(root, suite, 'repodata');
  const file = join(folder, repomdName);
  if (!(await exists(file))) {
    await requireNoSuite(folder, file, join(root, suite));
    return { entries: [], date: 0, names: [] };
  }
  const repomd = await readIndexPart(file, mostBytes.repomd, file);
  const problem = await problemOf(repomd, folder, { keyring, staging }, signal);
  if (problem !== undefined) throw notSigned(file, problem);
  const subject = { place: 'publish', name: file };
  const { revision, parts, ...signed } = parseRepoMd(repomd.toString('utf8'), subject);
  if (signed.suite !== suite) throw notSigned(file, `it signs the suite ${signed.suite}, not ${suite}`);
  if (signed.origin !== origin) throw otherOrigin(file, signed.origin, origin);
  let entries: RpmEntry[] = [];
  await mkdir(join(staging, suite, 'repodata'), { recursive: true });
  for (const { type, name, sha256 } of parts) {
    const bytes = await readIndexPart(join(folder, name), mostBytes.part, file, sha256);
    await writeFile(join(staging, suite, 'repodata', name), bytes);
    if (type === 'primary') entries = parsePrimary(bytes, { place: 'publish', name: join(folder, name) });
  }
  await writeFile(join(staging, suite, 'repodata', repomdName), repomd);
  return { entries, date: revision * 1000, names: [...parts.map(({ name }) => name), ...asByDigest(repomd)] };
}

/** Returns the second name of a signature. */
function asByDigest(repomd: Buffer): string[] {
  return repomdSignatures(sha256Of(repomd)).slice(1);
}

/** Judges both signatures: a run that is killed between two renames leaves the one under the digest. */
async function problemOf(
  repomd: Buffer,
  folder: string,
  { keyring, staging }: { readonly keyring: Buffer; readonly staging: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const file = join(staging, 'signed-repomd.xml');
  await writeFile(file, repomd);
  let first: string | undefined;
  for (const name of repomdSignatures(sha256Of(repomd))) {
    const signed = { file, signature: join(folder, name), keyring, workDir: staging };
    const problem = await signatureProblem(signed, signal);
    if (problem === undefined) return undefined;
    first ??= problem;
  }
  return first;
}

function otherOrigin(place: string, signed: string, given: string): PipelineError {
  return new PipelineError('input', {
    place,
    message: `has the origin ${quoted(signed)}, not ${quoted(given)}`,
    hint: 'give --origin as before, or another folder: this may be the index of another repository',
  });
}
