import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { cannotSign, type GpgContext, gpg, gpgCannot, secretKey } from '../system/gpg.ts';
import { makeTemporary, removeTemporary } from '../system/temporary.ts';

/** A signing key in the user's keyring, or in a file with an optional passphrase. */
export type SigningKey =
  | { readonly id: string }
  | { readonly file: string; readonly passphraseFile?: string; readonly passphrase?: string };

/** A key that is ready to sign; `close` removes its temporary keyring. */
export interface ReleaseSigner {
  /** Writes an ASCII-armored detached OpenPGP signature to a new file. */
  readonly sign: (file: string, signature: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

type Gpg = Omit<GpgContext, 'epoch'>;

/** Finds the key. A key file is imported into a temporary keyring and tested, so that a wrong passphrase fails before the build. */
export async function openSigner(key: SigningKey, context: Gpg): Promise<ReleaseSigner> {
  if ('id' in key) {
    const fingerprint = await secretKey(key.id, { ...context, epoch: undefined }, '--sign');
    const sign = signWith(['--local-user', fingerprint], `--sign ${key.id}`, context);
    return { sign, close: async () => {} };
  }
  const home = await makeTemporary(join(tmpdir(), 'pvdisc-key-'));
  const close = () => removeTemporary(home);
  try {
    const { file, passphraseFile = join(home, 'passphrase') } = key;
    if (key.passphraseFile === undefined)
      await writeFile(passphraseFile, key.passphrase ?? '', { mode: 0o600 });
    const place = `--sign-key-file ${file}`;
    const own: Gpg = { ...context, gnupgHome: home };
    const secret = ['--pinentry-mode', 'loopback', '--passphrase-file', passphraseFile];
    await gpg([...secret, '--import', '--', file], own).catch((error: unknown) => {
      const hint = 'export one with gpg --armor --export-secret-keys KEY';
      throw gpgCannot(place, 'import it', error, context, hint);
    });
    const fingerprint = await onlyKey(place, own);
    const sign = signWith([...secret, '--local-user', fingerprint], place, own);
    const trial = join(home, 'trial');
    await writeFile(trial, '');
    await sign(trial, `${trial}.asc`);
    return { sign, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function onlyKey(place: string, own: Gpg): Promise<string> {
  const { stdout } = await gpg(['--with-colons', '--list-secret-keys'], own);
  const kinds = stdout.split('\n').map((line) => line.split(':'));
  const keys = kinds.filter(([kind]) => kind === 'sec').length;
  const fingerprint = kinds.find(([kind]) => kind === 'fpr')?.[9];
  if (fingerprint !== undefined && keys === 1) return fingerprint;
  throw new PipelineError('input', {
    place,
    message: `holds ${keys} secret keys, expected one`,
    hint: 'export one with gpg --armor --export-secret-keys KEY',
  });
}

/** Signs with the current date, since the date of the release may be before the creation of the key. */
function signWith(options: readonly string[], place: string, context: Gpg): ReleaseSigner['sign'] {
  return async (file, signature) => {
    const output = ['--armor', '--digest-algo', 'SHA512', '--output', signature];
    await gpg([...options, ...output, '--detach-sign', '--', file], context).catch((error: unknown) => {
      throw cannotSign(place, error, context);
    });
  };
}
