import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { sha256Of } from '../formats/sums.ts';
import { absent, readPlainFile } from '../system/path-kind.ts';

export const backupHint =
  'restore the repository from a backup, or publish all its releases into a new folder';

/** Reads a part of an index of at most `most` bytes; throws unless it has the digest that the signed file `signedBy` gives. */
export async function readIndexPart(
  file: string,
  most: number,
  signedBy: string,
  sha256?: string,
): Promise<Buffer> {
  const read = await readPlainFile(file, most);
  if (!('problem' in read) && (sha256 === undefined || sha256Of(read.bytes) === sha256)) return read.bytes;
  throw new PipelineError('input', {
    place: file,
    message: `is not the index that ${signedBy} signs${'problem' in read ? `: ${read.problem}` : ''}`,
    hint: backupHint,
  });
}

/** Throws where the folder of an index holds files, though the signed one of them is missing; `remove` names what a new suite replaces. */
export async function requireNoSuite(folder: string, signed: string, remove: string): Promise<void> {
  const names = (await readdir(folder).catch(absent)) ?? [];
  if (names.length === 0) return;
  throw new PipelineError('input', {
    place: signed,
    message: `no such file, but ${folder} holds a published suite (${names.sort().slice(0, 4).join(', ')})`,
    hint: `restore ${basename(signed)} from a backup; to start a new suite with only the given releases, remove ${remove}`,
  });
}

/** Returns the error for the signed file of an index without a good signature. */
export function notSigned(place: string, problem: string): PipelineError {
  const [, hint] = Object.entries(invalidKeyHints).find(([status]) => problem.includes(status)) ?? [];
  const fact =
    hint === undefined ? 'is not signed by the key of --key or --old-key' : 'has no good signature';
  return new PipelineError('input', {
    place,
    message: `${fact}: ${problem}`,
    hint: hint ?? `${backupHint}; after a change of key, give the old public key: --old-key FILE`,
  });
}

/** An expired or revoked key is refused whatever the date of its signature: the signer can write any date. */
const invalidKeyHints = {
  EXPKEYSIG:
    'extend the key (gpg --quick-set-expire FINGERPRINT 1m) and export it again for --old-key, or publish all releases into a new folder',
  REVKEYSIG: 'publish all releases into a new folder with another key',
};
