import { join } from 'node:path';
import { execa } from 'execa';

/** Arguments of `openssl genpkey` for the two kinds of key that sign a provenance. */
export const keyKinds = {
  'ECDSA P-256': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  Ed25519: ['-algorithm', 'ED25519'],
};

/** Files of a new key pair, in PEM. */
export interface KeyFiles {
  readonly secret: string;
  readonly public: string;
}

/** Makes a key pair in a folder with openssl, encrypted where there is a passphrase. */
export async function makeAttestKey(
  folder: string,
  name: string,
  kind: readonly string[] = keyKinds.Ed25519,
  passphrase?: string,
): Promise<KeyFiles> {
  const [secret, publicKey] = [join(folder, `${name}.pem`), join(folder, `${name}.pub`)];
  const encrypted = passphrase === undefined ? [] : ['-aes-256-cbc', '-pass', `pass:${passphrase}`];
  const opened = passphrase === undefined ? [] : ['-passin', `pass:${passphrase}`];
  await execa('openssl', ['genpkey', ...kind, ...encrypted, '-out', secret]);
  await execa('openssl', ['pkey', '-in', secret, ...opened, '-pubout', '-out', publicKey]);
  return { secret, public: publicKey };
}
