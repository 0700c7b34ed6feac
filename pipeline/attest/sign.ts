import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PipelineError } from '../core/errors.ts';
import { type GpgContext, gpg, lastWords, secretKey } from '../system/gpg.ts';
import { makeTemporary, removeTemporary } from '../system/temporary.ts';

/** Which key signs: one of the user's keyring, or one in a file with its passphrase, if it has one, in another file or here. */
export type SigningKey =
  | { readonly id: string }
  | { readonly file: string; readonly passphraseFile?: string; readonly passphrase?: string };

/** A key that is ready to sign; `close` removes what was made for it. */
export interface ReleaseSigner {
  /** Writes the detached OpenPGP signature of a file, in ASCII, to a new file. */
  readonly sign: (file: string, signature: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

type Gpg = Omit<GpgContext, 'epoch'>;

/** Finds the key; one from a file goes into a keyring of its own, and signs once on trial, so that a wrong passphrase shows before the build. */
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
      throw cannot(
        place,
        'gpg cannot import it',
        error,
        context,
        'gpg --armor --export-secret-keys KEY writes one',
      );
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
    hint: 'gpg --armor --export-secret-keys KEY writes one',
  });
}

/** The signature has today's date: that of the release may be before the key was made. */
function signWith(options: readonly string[], place: string, context: Gpg): ReleaseSigner['sign'] {
  return async (file, signature) => {
    const output = ['--armor', '--digest-algo', 'SHA512', '--output', signature];
    await gpg([...options, ...output, '--detach-sign', '--', file], context).catch((error: unknown) => {
      const hint = 'is the key expired, or its passphrase another?';
      throw cannot(place, 'gpg cannot sign with it', error, context, hint);
    });
  };
}

function cannot(place: string, fact: string, error: unknown, { signal }: Gpg, hint: string): unknown {
  if (signal.aborted) return error;
  return new PipelineError('input', { place, message: `${fact}: ${lastWords(error)}`, hint });
}
