import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** A throwaway secret key in a keyring of its own; call `remove` at the end, which also ends its agent. */
export interface GpgKey {
  readonly home: string;
  readonly id: string;
  readonly remove: () => Promise<void>;
}

/** Makes a key, without a passphrase unless one is given, that never expires, created in 2020, so that signatures can be dated after that. */
export async function makeGpgKey(id = 'throwaway@example.invalid', passphrase = ''): Promise<GpgKey> {
  const home = await mkdtemp(join(tmpdir(), 'pvdisc-gpg-'));
  const phrase = ['--pinentry-mode', 'loopback', '--passphrase', passphrase];
  const created = ['--faked-system-time', '20200101T000000!'];
  const arguments_ = ['--batch', ...phrase, ...created, '--quick-gen-key', `Throwaway <${id}>`];
  await execa('gpg', [...arguments_, 'ed25519', 'sign', 'never'], { env: { GNUPGHOME: home } });
  return {
    home,
    id,
    remove: async () => {
      await execa('gpgconf', ['--homedir', home, '--kill', 'all']);
      await rm(home, { recursive: true, force: true });
    },
  };
}
