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
import { type InfVerifMode, infVerifModes } from '../validate/infverif/codes.ts';

export interface AttestOptions {
  readonly 'attest-key': string | undefined;
}

const attestPassphraseVariable = 'PVDISC_ATTEST_PASSPHRASE';

export function attestOptions<Given>(parser: Argv<Given>) {
  return parser.option('attest-key', {
    type: 'string',
    requiresArg: true,
    describe: `FILE: sign the provenance with this private key (PEM, ECDSA P-256 or Ed25519) into <name>-<version>.sigstore.json, for cosign; that file is not reproducible, and SHA256SUMS does not list it. ${attestPassphraseVariable} holds the passphrase`,
  });
}

/** Reads the private key of `--attest-key`. */
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

/** Reads the public key of `verify --attest-key`. */
export async function publicAttestationKey({
  'attest-key': file,
}: AttestOptions): Promise<KeyObject | undefined> {
  if (file === undefined) return undefined;
  await requireFile('--attest-key', file, 'verify');
  const { readAttestationPublicKey } = await import('../attest/attestation-key.ts');
  return readAttestationPublicKey(resolve(file), `--attest-key ${file}`);
}

/** The option `--infverif` of `check` and `inspect`. */
export const infVerifOption = {
  choices: Object.keys(infVerifModes) as InfVerifMode[],
  requiresArg: true,
  describe: `Show the findings with the numbers of Microsoft's InfVerif instead, as errors or warnings of this mode: ${Object.entries(
    infVerifModes,
  )
    .map(([mode, title]) => `${mode} (${title})`)
    .join(', ')}`,
} as const;

export interface SignOptions {
  readonly sign: string | undefined;
  readonly 'sign-key-file': string | undefined;
  readonly 'sign-passphrase-file': string | undefined;
}

const signPassphraseVariable = 'PVDISC_SIGN_PASSPHRASE';

export function signOptions<Given>(parser: Argv<Given>) {
  return parser
    .option('sign', {
      type: 'string',
      requiresArg: true,
      describe:
        'KEY: sign SHA256SUMS with this key of your GnuPG keyring (fingerprint, key id or address) into SHA256SUMS.asc, which is not reproducible',
    })
    .option('sign-key-file', {
      type: 'string',
      requiresArg: true,
      conflicts: 'sign',
      describe: `FILE: sign with the secret key in this file instead, for CI. ${signPassphraseVariable} holds the passphrase, or use --sign-passphrase-file`,
    })
    .option('sign-passphrase-file', {
      type: 'string',
      requiresArg: true,
      implies: 'sign-key-file',
      describe: 'FILE: read the passphrase of the key from the first line of this file',
    });
}

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

/** Throws unless an argument is a folder; `reason` says why it must be one. */
export async function requireFolder(folder: string, reason: string): Promise<void> {
  const kind = await pathKind(folder);
  if (kind === 'folder') return;
  throw new PipelineError('usage', {
    place: folder,
    message: kind === 'missing' ? 'no such folder' : `is not a folder; ${reason}`,
    hint: 'give the folder of the driver build',
  });
}

export async function requireFile(option: string, file: string, command = 'build'): Promise<void> {
  if (await exists(file)) return;
  throw new PipelineError('usage', {
    place: `${option} ${file}`,
    message: 'no such file',
    hint: `see pvdisc ${command} --help`,
  });
}

/** Declares `--format text|json`; `schema` is the name of the JSON's schema. */
export function formatOption(schema: string) {
  return {
    choices: ['text', 'json'],
    requiresArg: true,
    default: 'text',
    describe: `text, or json (pvdisc schema ${schema})`,
  } as const;
}

export const ledgerOption = {
  type: 'string',
  requiresArg: true,
  default: ownLedger,
  defaultDescription: 'the ledger of pvdisc',
  describe: 'FILE: use this ledger',
} as const;

export const limitOption = {
  type: 'string',
  array: true,
  nargs: 1,
  default: [] as string[],
  describe: `NAME=NUMBER: raise a limit of the input: ${Object.entries(defaultLimits)
    .map(([name, value]) => `${name} (${value})`)
    .join(', ')}. May be repeated`,
} as const;

/** Parses `--limit NAME=NUMBER` options; the others keep their defaults. */
export function parseLimits(options: readonly string[]): Limits {
  const given = options.map((option) => {
    const [, name = '', number = ''] = /^(\w+)=(\d+)$/.exec(option) ?? [];
    const parsed = limitsField.safeParse({ [name]: number === '' ? undefined : Number(number) });
    if (name !== '' && parsed.success) return [name, Number(number)] as const;
    throw new PipelineError('usage', {
      place: `--limit ${option}`,
      message:
        name === '' || name in defaultLimits
          ? 'does not have the form NAME=NUMBER'
          : `no limit is called "${name}"`,
      hint: `names are ${Object.keys(defaultLimits).join(', ')}; numbers start at 1, as in --limit files=100000`,
    });
  });
  return { ...defaultLimits, ...Object.fromEntries(given) };
}

/** Options that `build` and `check` share. */
export interface ReleaseOptions {
  readonly use: string[];
  readonly profile: 'slim' | 'full' | undefined;
  readonly offline: boolean;
}

export const releaseDescription =
  'Release file (YAML), or a release that comes with pvdisc: sample, sample-xenpv, virtio-win, virtio-win-legacy';

export function releaseOptions<Given>(parser: Argv<Given>) {
  return parser
    .option('use', {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      describe:
        'ID=PATH: read a source from this file or folder instead of its own location; digests are still checked. May be repeated',
    })
    .option('profile', {
      choices: ['slim', 'full'] as const,
      requiresArg: true,
      describe: 'slim leaves out debug symbols (.pdb), full includes them; default: as the release says',
    })
    .option('offline', {
      type: 'boolean',
      default: false,
      describe: 'Use no network: read sources from the cache or --use, and list all that are missing',
    });
}
