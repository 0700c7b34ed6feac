import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** An OpenPGP key of a test. */
export interface SigningKey {
  /** The public key, armored and binary. */
  readonly armoured: string;
  readonly binary: Buffer;
  /** Returns an armored detached signature; `options` are passed to gpg. */
  readonly sign: (bytes: Uint8Array | string, options?: readonly string[]) => Promise<string>;
}

/** Creates a key in a temporary GnuPG home; `expires` is in the syntax of gpg, such as `never`. */
export async function makeSigningKey(expires = 'never', more: readonly string[] = []): Promise<SigningKey> {
  const home = await mkdtemp(join(tmpdir(), 'gpg-'));
  const gpg = (...args: readonly string[]) =>
    execa('gpg', ['--homedir', home, '--batch', '--quiet', '--passphrase', '', ...more, ...args], {
      encoding: 'buffer',
      stripFinalNewline: false,
    });
  onTestFinished(async () => {
    await execa('gpgconf', ['--homedir', home, '--kill', 'gpg-agent'], { reject: false });
    await rm(home, { recursive: true, force: true });
  });
  await gpg('--quick-gen-key', 'Test <test@example.invalid>', 'ed25519', 'sign', expires);
  const { stdout: armoured } = await gpg('--armor', '--export');
  const { stdout: binary } = await gpg('--export');
  return {
    armoured: Buffer.from(armoured).toString(),
    binary: Buffer.from(binary),
    sign: async (bytes, options = []) => {
      await writeFile(join(home, 'signed'), bytes);
      const { stdout } = await gpg(
        ...options,
        '--armor',
        '--detach-sign',
        '--output',
        '-',
        join(home, 'signed'),
      );
      return Buffer.from(stdout).toString();
    },
  };
}
