import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { PipelineError } from '../core/errors.ts';
import { sha256Of } from '../formats/sums.ts';
import { readPlainFile } from '../system/path-kind.ts';
import type { DigestSigner } from './signer.ts';

/** A file with a private key, and its passphrase where it has one. */
export interface KeyFile {
  readonly file: string;
  readonly place: string;
  readonly passphrase?: string;
  /** Where the passphrase would be given, for errors. */
  readonly passphraseHint: string;
}

/** Signs in the thread pool, so that all cores do. */
const signInPool = promisify(sign);

const mostBytes = 2 ** 16;
const formHint =
  'openssl genrsa -aes256 -out drivers.key 3072 makes one; openssl pkey -aes256 -in FILE -out drivers.key converts one in DER, or in a .pfx';

/** Returns the signer of an RSA key in PEM, with or without a passphrase; throws where the file holds none or the passphrase is wrong. */
export async function openKeyFile(key: KeyFile): Promise<DigestSigner> {
  const secret = await readKey(key);
  return {
    place: key.place,
    identity: sha256Of(createPublicKey(secret).export({ type: 'spki', format: 'der' })),
    sign: (requests) =>
      Promise.all(requests.map(({ signedAttributes }) => signInPool('sha256', signedAttributes, secret))),
  };
}

async function readKey({ file, place, passphrase = '', passphraseHint }: KeyFile): Promise<KeyObject> {
  const read = await readPlainFile(file, mostBytes);
  if ('problem' in read) throw refused(place, read.problem, formHint);
  const text = read.bytes.toString('latin1');
  const isEncrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text);
  if (isEncrypted && passphrase === '')
    throw refused(place, 'has a passphrase, and none was given', passphraseHint);
  const key = keyOf(text, isEncrypted ? passphrase : undefined);
  if (key === undefined && isEncrypted)
    throw refused(place, 'cannot be decrypted: its passphrase is another', passphraseHint);
  if (key === undefined) throw refused(place, 'is no private key in PEM', formHint);
  if (key.asymmetricKeyType !== 'rsa')
    throw refused(place, `is a key of the kind ${key.asymmetricKeyType}, expected RSA`, formHint);
  return key;
}

/** OpenSSL says of a text that is no key, and of a wrong passphrase, only in its own words. */
function keyOf(text: string, passphrase: string | undefined): KeyObject | undefined {
  try {
    return createPrivateKey({ key: text, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    return undefined;
  }
}

function refused(place: string, message: string, hint: string): PipelineError {
  return new PipelineError('input', { place, message, hint });
}
