import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import type { SigningKey } from '../attest/sign.ts';
import { PipelineError } from '../core/errors.ts';
import { exists } from '../system/files.ts';

/** How the sums of a release are to be signed. */
export interface SignOptions {
  readonly sign: string | undefined;
  readonly 'sign-key-file': string | undefined;
  readonly 'sign-passphrase-file': string | undefined;
}

/** Variable with the passphrase of a key file. */
export const signPassphraseVariable = 'PVDISC_SIGN_PASSPHRASE';

/** Declares the options by which a build is signed. */
export function signOptions<Given>(parser: Argv<Given>) {
  return parser
    .option('sign', {
      type: 'string',
      requiresArg: true,
      describe:
        'KEY: sign SHA256SUMS with this key of your GnuPG keyring (fingerprint, key id or address), as SHA256SUMS.asc: the one file that is not reproducible, and that the sums leave out',
    })
    .option('sign-key-file', {
      type: 'string',
      requiresArg: true,
      conflicts: 'sign',
      describe: `FILE: sign with the one secret key in this file instead, for CI; its passphrase is in ${signPassphraseVariable} or a file`,
    })
    .option('sign-passphrase-file', {
      type: 'string',
      requiresArg: true,
      implies: 'sign-key-file',
      describe: "FILE: the key file's passphrase is the first line of this file",
    });
}

/** Returns the key that the options name, undefined when the build is not to be signed. */
export async function signingKey(
  options: SignOptions,
  env: NodeJS.ProcessEnv,
): Promise<SigningKey | undefined> {
  if (options.sign !== undefined) return { id: options.sign };
  const { 'sign-key-file': file, 'sign-passphrase-file': passphraseFile } = options;
  if (file === undefined) return undefined;
  await requireFile('--sign-key-file', file);
  if (passphraseFile !== undefined) {
    await requireFile('--sign-passphrase-file', passphraseFile);
    return { file: resolve(file), passphraseFile: resolve(passphraseFile) };
  }
  const passphrase = env[signPassphraseVariable];
  return { file: resolve(file), ...(passphrase !== undefined && { passphrase }) };
}

/** Throws where an option names a file that there is not. */
export async function requireFile(option: string, file: string, command = 'build'): Promise<void> {
  if (await exists(file)) return;
  throw new PipelineError('usage', {
    place: `${option} ${file}`,
    message: 'no such file',
    hint: `see pvdisc ${command} --help`,
  });
}
