import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** A temporary secret key in a separate keyring; `remove` also ends its agent. */
export interface GpgKey {
  readonly home: string;
  readonly id: string;
  readonly remove: () => Promise<void>;
}

/** Creates a key that never expires, dated 2020 so that signatures can have later dates, by default without a passphrase. */
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
