import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { PipelineError } from '../core/errors.ts';
import { readPlainFile } from '../system/path-kind.ts';

/** A file with a private key, its passphrase where it has one, and how errors name the file. */
export interface AttestationKeyFile {
  readonly file: string;
  readonly place: string;
  readonly passphrase?: string;
  /** Variable that the passphrase is in, for errors. */
  readonly variable: string;
}

/** Reads the private key that is to sign a provenance: ECDSA on P-256 or Ed25519, in PEM; throws where the file holds none that fits. */
export async function readAttestationKey(key: AttestationKeyFile): Promise<KeyObject> {
  const { place, passphrase, variable } = key;
  const text = await readPem(key.file, place, privateHint);
  if (/-----BEGIN ENCRYPTED (?:SIGSTORE|COSIGN) PRIVATE KEY-----/.test(text))
    throw refused(place, "is encrypted as only cosign's own programs read it", privateHint);
  if (/-----BEGIN (?:[A-Z]+ )?PUBLIC KEY-----/.test(text))
    throw refused(place, 'is a public key, expected the private one', privateHint);
  const isEncrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text);
  if (isEncrypted && (passphrase ?? '') === '')
    throw refused(place, 'has a passphrase, and none was given', `put it into ${variable}`);
  const found = tried(() => createPrivateKey({ key: text, ...(isEncrypted && { passphrase }) }));
  if (found !== undefined) return requireKind(found, place, privateHint);
  if (isEncrypted) throw refused(place, 'cannot be decrypted', `is the passphrase in ${variable} right?`);
  throw refused(place, 'is no private key in PEM', privateHint);
}

/** Reads the public key that a provenance is to be signed by, in PEM; throws where the file holds another thing, also a private key. */
export async function readAttestationPublicKey(file: string, place: string): Promise<KeyObject> {
  const text = await readPem(file, place, publicHint);
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    throw refused(place, 'is a private key, expected the public one', publicHint);
  const keys = text.match(/-----BEGIN /g)?.length ?? 0;
  if (keys > 1) throw refused(place, `holds ${keys} keys, expected one`, publicHint);
  const found = tried(() => createPublicKey(text));
  if (found === undefined) throw refused(place, 'is no public key in PEM', publicHint);
  return requireKind(found, place, publicHint);
}

const privateHint =
  'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 makes one, or -algorithm ED25519';
const publicHint = 'openssl pkey -in PRIVATE.pem -pubout writes it';
const mostBytes = 2 ** 16;

async function readPem(file: string, place: string, hint: string): Promise<string> {
  const read = await readPlainFile(file, mostBytes);
  if ('problem' in read) throw refused(place, read.problem, hint);
  return read.bytes.toString('utf8');
}

/** OpenSSL says of a text that is no key, and of a wrong passphrase, only in its own words. */
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
  throw refused(place, `is a key of the kind ${kind}, expected ECDSA on P-256 or Ed25519`, hint);
}

function refused(place: string, message: string, hint: string): PipelineError {
  return new PipelineError('input', { place, message, hint });
}
