import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { PipelineError } from '../core/errors.ts';
import { readPlainFile } from '../system/path-kind.ts';

/** A private key file; `place` names it in errors. */
export interface AttestationKeyFile {
  readonly file: string;
  readonly place: string;
  readonly passphrase?: string;
  /** Environment variable of the passphrase, for errors. */
  readonly variable: string;
}

/** Reads a private key in PEM, ECDSA on P-256 or Ed25519. */
export async function readAttestationKey(key: AttestationKeyFile): Promise<KeyObject> {
  const { place, passphrase, variable } = key;
  const text = await readPem(key.file, place, privateHint);
  if (/-----BEGIN ENCRYPTED (?:SIGSTORE|COSIGN) PRIVATE KEY-----/.test(text))
    throw refused(place, 'is encrypted in a format that only cosign reads', privateHint);
  if (/-----BEGIN (?:[A-Z]+ )?PUBLIC KEY-----/.test(text))
    throw refused(place, 'is a public key, expected a private key', privateHint);
  const isEncrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text);
  if (isEncrypted && (passphrase ?? '') === '')
    throw refused(place, 'has a passphrase, but none is given', `set ${variable}`);
  const found = tried(() => createPrivateKey({ key: text, ...(isEncrypted && { passphrase }) }));
  if (found !== undefined) return requireKind(found, place, privateHint);
  if (isEncrypted) throw refused(place, 'cannot be decrypted', `check the passphrase in ${variable}`);
  throw refused(place, 'is not a private key in PEM', privateHint);
}

/** Reads a public key in PEM; refuses a private key. */
export async function readAttestationPublicKey(file: string, place: string): Promise<KeyObject> {
  const text = await readPem(file, place, publicHint);
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    throw refused(place, 'is a private key, expected a public key', publicHint);
  const keys = text.match(/-----BEGIN /g)?.length ?? 0;
  if (keys > 1) throw refused(place, `holds ${keys} keys, expected one`, publicHint);
  const found = tried(() => createPublicKey(text));
  if (found === undefined) throw refused(place, 'is not a public key in PEM', publicHint);
  return requireKind(found, place, publicHint);
}

const privateHint =
  'create one with openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256, or -algorithm ED25519';
const publicHint = 'extract it with openssl pkey -in PRIVATE.pem -pubout';
const mostBytes = 2 ** 16;

async function readPem(file: string, place: string, hint: string): Promise<string> {
  const read = await readPlainFile(file, mostBytes);
  if ('problem' in read) throw refused(place, read.problem, hint);
  return read.bytes.toString('utf8');
}

/** Returns undefined for OpenSSL's errors about an invalid key or a wrong passphrase, whose texts do not help users. */
function tried(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function requireKind(key: KeyObject, place: string, hint: string): KeyObject {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === 'ed25519' || curve === 'prime256v1') return key;
  const kind = [key.asymmetricKeyType, curve].filter((word) => word !== undefined).join(' ');
  throw refused(place, `is a key of type ${kind}, expected ECDSA on P-256 or Ed25519`, hint);
}

function refused(place: string, message: string, hint: string): PipelineError {
  return new PipelineError('input', { place, message, hint });
}
