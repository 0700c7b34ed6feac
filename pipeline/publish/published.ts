import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { sha256Of } from '../formats/sums.ts';
import { readClearSigned } from '../sources/signature/gpgv.ts';
import { exists } from '../system/files.ts';
import { absent, readPlainFile } from '../system/path-kind.ts';
import { type IndexEntry, parseIndex } from './package-index.ts';

/** What hosts see of a suite now: its packages, its date in milliseconds since 1970, and the digests of its indexes. */
export interface Published {
  readonly entries: readonly IndexEntry[];
  readonly date: number;
  readonly digests: readonly string[];
}

/** The suite to read, and the public keys that may have signed it; `workDir` is a folder for gpgv. */
export interface PublishedSource {
  readonly root: string;
  readonly suite: string;
  readonly keyring: Buffer;
  readonly workDir: string;
}

/**
 * Reads a suite as it was last published: the text that gpgv takes from a good signature, and the index that this text names.
 * Returns an empty suite where its folder is missing or empty; throws where anything else lacks an `InRelease`.
 */
export async function readPublished(source: PublishedSource, signal: AbortSignal): Promise<Published> {
  const { root, suite } = source;
  const folder = join(root, 'dists', suite);
  const inRelease = join(folder, 'InRelease');
  if (!(await exists(inRelease))) {
    await requireNoSuite(source, folder, inRelease);
    return { entries: [], date: 0, digests: [] };
  }
  const signed = await readClearSigned({ ...source, file: inRelease }, signal);
  if ('problem' in signed) throw notSigned(inRelease, signed.problem);
  const release = signed.text;
  const signedSuite = /^Suite: (.*)$/m.exec(release)?.[1];
  if (signedSuite !== suite) throw notSigned(inRelease, `it signs the suite ${signedSuite}, not ${suite}`);
  const digests = new Map(
    [...release.matchAll(/^ ([0-9a-f]{64}) +\d+ (\S+)$/gm)].map(([, sha256 = '', path = '']) => [
      path,
      sha256,
    ]),
  );
  return {
    entries: parseIndex(await readIndex(folder, digests.get(`${indexFolder}/Packages`) ?? '', inRelease)),
    date: Date.parse(/^Date: (.*)$/m.exec(release)?.[1] ?? '') || 0,
    digests: [...new Set(digests.values())],
  };
}

/** The index that is read again: packages of releases are for every architecture. */
const indexFolder = 'main/binary-all';

/** Far more than the index of 10,000 packages. */
const mostIndexBytes = 2 ** 26;

async function readIndex(folder: string, sha256: string, inRelease: string): Promise<string> {
  const file = join(folder, indexFolder, 'by-hash/SHA256', sha256);
  const read = await readPlainFile(file, mostIndexBytes);
  if (!('problem' in read) && sha256Of(read.bytes) === sha256) return read.bytes.toString('utf8');
  throw new PipelineError('input', {
    place: file,
    message: `is not the index that ${inRelease} signs${'problem' in read ? `: ${read.problem}` : ''}`,
    hint: backupHint,
  });
}

async function requireNoSuite(
  { root, suite }: PublishedSource,
  folder: string,
  inRelease: string,
): Promise<void> {
  const names = (await readdir(folder).catch(absent)) ?? [];
  if (names.length === 0) return;
  throw new PipelineError('input', {
    place: inRelease,
    message: `no such file, but ${folder} holds a published suite (${names.sort().slice(0, 4).join(', ')})`,
    hint: `restore InRelease from a backup; to start the suite anew, with only the releases given now, remove ${folder} and ${join(root, 'pool', suite)}`,
  });
}

function notSigned(inRelease: string, problem: string): PipelineError {
  return new PipelineError('input', {
    place: inRelease,
    message: `is not signed by the key of --key or --old-key: ${problem}`,
    hint: `${backupHint}; after a change of key, give the public key that signed it so far: --old-key FILE`,
  });
}

const backupHint = 'restore the repository from a backup, or publish all its releases into a new folder';
