import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { requireFile } from './sign-options.ts';

/** How the provenance of a release is to be signed. */
export interface AttestOptions {
  readonly 'attest-key': string | undefined;
}

/** Variable with the passphrase of the key file. */
export const attestPassphraseVariable = 'PVDISC_ATTEST_PASSPHRASE';

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
