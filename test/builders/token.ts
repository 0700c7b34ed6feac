import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { TestCertificate } from '../formats/signing.ts';
import { temporaryFolder } from './release.ts';
import { keyPem } from './signing-keys.ts';

/** A software token (PKCS#11) with one key. */
export interface Token {
  /** Of the key (RFC 7512), with the library of the token. */
  readonly uri: string;
  readonly pin: string;
  /** Variables that the library of the token needs. */
  readonly env: Readonly<Record<string, string>>;
}

const library = '/usr/lib/softhsm/libsofthsm2.so';

/** Makes a token of SoftHSM with the key of a certificate, in a folder that goes away with the test. */
export async function makeToken({ key }: TestCertificate): Promise<Token> {
  const folder = await temporaryFolder('pvdisc-token-');
  const configuration = join(folder, 'softhsm2.conf');
  await mkdir(join(folder, 'tokens'));
  await writeFile(configuration, `directories.tokendir = ${join(folder, 'tokens')}\nlog.level = ERROR\n`);
  const env = { SOFTHSM2_CONF: configuration };
  const file = join(folder, 'key.pem');
  await writeFile(file, keyPem(key));
  const pin = '271828';
  const label = ['--label', 'drivers'];
  await execa('softhsm2-util', ['--init-token', '--free', ...label, '--pin', pin, '--so-pin', '314159'], {
    env,
  });
  await execa(
    'softhsm2-util',
    ['--import', file, '--token', 'drivers', ...label, '--id', 'a1', '--pin', pin],
    { env },
  );
  return { uri: `pkcs11:token=drivers;object=drivers;type=private?module-path=${library}`, pin, env };
}
