import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import type { SigningKey } from '../attest/sign.ts';
import { PipelineError } from '../core/errors.ts';
import { defaultLimits, type Limits } from '../core/limits.ts';
import { ownLedger } from '../manifest/ledger.ts';
import { limitsField } from '../sources/fields.ts';
import { exists } from '../system/files.ts';
import { pathKind } from '../system/path-kind.ts';

/** How the provenance of a release is to be signed. */
export interface AttestOptions {
  readonly 'attest-key': string | undefined;
}

/** Variable with the passphrase of the key file. */
const attestPassphraseVariable = 'PVDISC_ATTEST_PASSPHRASE';

/** Declares the option by which the provenance is signed. */
export function attestOptions<Given>(parser: Argv<Given>) {
  return parser.option('attest-key', {
    type: 'string',
    requiresArg: true,
    describe: `FILE: sign the provenance with this private key (PEM, ECDSA P-256 or Ed25519), as <name>-<version>.sigstore.json for cosign: not reproducible, and left out of the sums; its passphrase is in ${attestPassphraseVariable}`,
  });
}

/** Returns the key that the option names, undefined when the provenance is not to be signed. */
export async function attestationKey(
  { 'attest-key': file }: AttestOptions,
  env: NodeJS.ProcessEnv,
): Promise<KeyObject | undefined> {
  if (file === undefined) return undefined;
  await requireFile('--attest-key', file);
  const { readAttestationKey } = await import('../attest/attestation-key.ts');
  const passphrase = env[attestPassphraseVariable];
  return readAttestationKey({
    file: resolve(file),
    place: `--attest-key ${file}`,
    variable: attestPassphraseVariable,
    ...(passphrase !== undefined && { passphrase }),
  });
}

/** Returns the public key that `pvdisc verify` is given, undefined when there is none. */
export async function publicAttestationKey({
  'attest-key': file,
}: AttestOptions): Promise<KeyObject | undefined> {
  if (file === undefined) return undefined;
  await requireFile('--attest-key', file, 'verify');
  const { readAttestationPublicKey } = await import('../attest/attestation-key.ts');
  return readAttestationPublicKey(resolve(file), `--attest-key ${file}`);
}

/** How the sums of a release are to be signed. */
export interface SignOptions {
  readonly sign: string | undefined;
  readonly 'sign-key-file': string | undefined;
  readonly 'sign-passphrase-file': string | undefined;
}

/** Variable with the passphrase of a key file. */
const signPassphraseVariable = 'PVDISC_SIGN_PASSPHRASE';

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

/** Throws where an argument that must be a folder is none; `reason` says why it must be one. */
export async function requireFolder(folder: string, reason: string): Promise<void> {
  const kind = await pathKind(folder);
  if (kind === 'folder') return;
  throw new PipelineError('usage', {
    place: folder,
    message: kind === 'missing' ? 'no such folder' : `is no folder; ${reason}`,
    hint: 'give the folder of the driver build',
  });
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

/** Declares `--format` of a command with a report for people and one for programs, and the name of the latter's schema. */
export function formatOption(schema: string) {
  return {
    choices: ['text', 'json'],
    requiresArg: true,
    default: 'text',
    describe: `text for people, json for programs (pvdisc schema ${schema})`,
  } as const;
}

/** Declares `--ledger` of the commands that look releases up. */
export const ledgerOption = {
  type: 'string',
  requiresArg: true,
  default: ownLedger,
  defaultDescription: 'the one that comes with pvdisc',
  describe: 'FILE: another ledger',
} as const;

/** Declares what `--help` says of `--limit`. */
export const limitOption = {
  type: 'string',
  array: true,
  nargs: 1,
  default: [] as string[],
  describe: `NAME=NUMBER: raise what the input may hold: ${Object.entries(defaultLimits)
    .map(([name, value]) => `${name} (${value})`)
    .join(', ')}. May be repeated`,
} as const;

/** Reads `--limit NAME=NUMBER` options; what they do not name keeps its default. */
export function parseLimits(options: readonly string[]): Limits {
  const given = options.map((option) => {
    const [, name = '', number = ''] = /^(\w+)=(\d+)$/.exec(option) ?? [];
    const parsed = limitsField.safeParse({ [name]: number === '' ? undefined : Number(number) });
    if (name !== '' && parsed.success) return [name, Number(number)] as const;
    throw new PipelineError('usage', {
      place: `--limit ${option}`,
      message: 'is not of the form NAME=NUMBER',
      hint: `the names: ${Object.keys(defaultLimits).join(', ')}; the numbers: 1 and more, such as --limit files=100000`,
    });
  });
  return { ...defaultLimits, ...Object.fromEntries(given) };
}

/** What `build` and `check` have in common besides the release. */
export interface ReleaseOptions {
  readonly use: string[];
  readonly profile: 'slim' | 'full' | undefined;
  readonly offline: boolean;
}

/** What `--help` says of the release that a command is given. */
export const releaseDescription = 'The release: a YAML file such as drivers-manifest/releases/sample.yaml';

/** Declares the options that `build` and `check` have in common. */
export function releaseOptions<Given>(parser: Argv<Given>) {
  return parser
    .option('use', {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      describe:
        'ID=PATH: take a source from this file or folder instead of from where the release says; its digests are checked all the same. May be repeated',
    })
    .option('profile', {
      choices: ['slim', 'full'] as const,
      requiresArg: true,
      describe: 'slim leaves out debug symbols (.pdb), full has them; the release says which when absent',
    })
    .option('offline', {
      type: 'boolean',
      default: false,
      describe: 'Open no socket: sources come from the cache or --use, and all that are missing are named',
    });
}
