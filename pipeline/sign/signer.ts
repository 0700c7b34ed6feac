import { constants, createHash, type KeyObject, publicDecrypt, verify } from 'node:crypto';
import { PipelineError } from '../core/errors.ts';
import { certificateName, requireValidNow, type SigningCertificates } from './certificates.ts';

/** What is to be signed for one file. */
export interface SignatureRequest {
  /** Path of the file, for errors and for the person who signs. */
  readonly path: string;
  /** DER of the signed attributes: RSA (PKCS#1 v1.5) with SHA-256 goes over these bytes. */
  readonly signedAttributes: Uint8Array;
  /** SHA-256 of them, lower-case hexadecimal. */
  readonly digest: string;
}

/** A private key somewhere else. */
export interface DigestSigner {
  /** How errors name it. */
  readonly place: string;
  /** What tells it from others whose signatures may differ: a digest of the public key or of the signatures, or how a key elsewhere is named. */
  readonly identity: string;
  /** Set when it gives signatures that were made before. */
  readonly isRecorded?: true;
  /** Signs a batch; returns a signature for each request, in their order. */
  readonly sign: (
    requests: readonly SignatureRequest[],
    signal: AbortSignal,
  ) => Promise<readonly Uint8Array[]>;
}

/** Returns the request for signed attributes. */
export function signatureRequest(path: string, signedAttributes: Uint8Array): SignatureRequest {
  return { path, signedAttributes, digest: createHash('sha256').update(signedAttributes).digest('hex') };
}

/** Has a key sign requests, equal ones once, and returns the signatures by digest; throws where one is not by the key of the certificate. */
export async function checkedSignatures(
  requests: readonly SignatureRequest[],
  signer: DigestSigner,
  { leaf }: Pick<SigningCertificates, 'leaf'>,
  signal: AbortSignal,
): Promise<Map<string, Uint8Array>> {
  const distinct = [...new Map(requests.map((request) => [request.digest, request])).values()];
  if (distinct.length === 0) return new Map();
  if (signer.isRecorded === undefined) requireValidNow(leaf, signer.place);
  const signatures = await signer.sign(distinct, signal);
  signal.throwIfAborted();
  if (signatures.length !== distinct.length)
    throw failed(signer, `gave ${signatures.length} signatures for ${distinct.length} digests`);
  const key = leaf.x509.publicKey;
  const made = distinct.map((request, index) => ({ ...request, signature: signatures[index] ?? nothing }));
  const wrong = made.filter(
    ({ signedAttributes, signature }) => !verify('sha256', signedAttributes, key, signature),
  );
  const [first] = wrong;
  if (first !== undefined) {
    const name = certificateName(leaf);
    const more = wrong.length === 1 ? '' : ` and of ${wrong.length - 1} more`;
    const why = isByKey(first.signature, key)
      ? `is by the key of "${name}", but of another digest`
      : `is not by the key of "${name}"`;
    throw failed(signer, `its signature of ${first.path}${more} ${why}`);
  }
  return new Map(made.map(({ digest, signature }) => [digest, signature]));
}

const nothing = new Uint8Array();

/** Returns whether a key signed anything at all with PKCS#1 v1.5. */
function isByKey(signature: Uint8Array, key: KeyObject): boolean {
  try {
    return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature).length > 0;
  } catch {
    return false;
  }
}

function failed({ place }: DigestSigner, message: string): PipelineError {
  const hint =
    'give the key of the first certificate; each signature is RSA, PKCS#1 v1.5, of a SHA-256 digest as it is given, in the order of the digests';
  return new PipelineError('input', { place, message, hint });
}
