import { join } from 'node:path';
import { signatureName, sumsName } from '../attest/document-names.ts';
import type { ReleaseSums } from '../attest/read-sums.ts';
import { PipelineError } from '../core/errors.ts';
import { judgeSignature } from '../sources/signature/gpgv.ts';
import { readKeyring } from '../sources/signature/keyring.ts';

/** The verdict on the signature of a release's checksums; `unknown-key`: intact, but not made by a given key. */
export type ReleaseSignature = 'good' | 'unsigned' | 'unknown-key';

/** What the report says of a signature that is not good. */
export const notChecked = {
  unsigned: 'SHA256SUMS is not signed, so its origin is unknown; --release-key FILE requires a signature',
  'unknown-key':
    'the signature of SHA256SUMS was not checked; give the public key of its signer: --release-key FILE',
} as const;

/** The keys of `--release-key`, which must have signed; without them, the publishing key is tried. */
export interface ReleaseKeys {
  readonly required: Buffer | undefined;
  readonly own: Buffer;
  readonly workDir: string;
}

/** Reads the public keys of `--release-key`, if it is given. */
export async function readReleaseKey(file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  return readKeyring(file, { place: '--release-key', name: file }, publicKeyHint);
}

export const publicKeyHint = 'give a file with the OpenPGP public key, as gpg --export writes it';

/** Checks the signature of a release's checksums; throws when it is bad or not by the required keys. */
export async function releaseSignature(
  release: string,
  { file, signature }: ReleaseSums,
  { required, own, workDir }: ReleaseKeys,
  signal: AbortSignal,
): Promise<ReleaseSignature> {
  const original = join(release, signatureName);
  if (signature === undefined && required !== undefined)
    throw refused(original, 'no such file, but --release-key requires a signature');
  if (signature === undefined) return 'unsigned';
  const verdict = await judgeSignature({ file, signature, keyring: required ?? own, workDir }, signal);
  if (verdict.problem === undefined) return 'good';
  if (verdict.isOthers && required === undefined) return 'unknown-key';
  throw refused(original, `is not a good signature of ${sumsName}: ${verdict.problem}`);
}

function refused(place: string, message: string): PipelineError {
  return new PipelineError('input', {
    place,
    message,
    hint: 'get the release again from its maker, or build and sign it again: pvdisc build --sign KEY',
  });
}
