import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { bundleToJSON, toDSSEBundle } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';

/** Payload type of the envelope (https://github.com/in-toto/attestation/blob/main/spec/v1/envelope.md). */
export const statementType = 'application/vnd.in-toto+json';

/** Media type of the bundle, which cosign 3 uses too (https://github.com/sigstore/protobuf-specs, sigstore_bundle.proto). */
export const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/**
 * Returns a Sigstore bundle v0.3 (JSON): a DSSE envelope of an in-toto statement, signed with a private key. It contains no entry
 * of a transparency log and no timestamp. ECDSA signatures differ each time.
 */
export function attestationBundle(statement: Buffer, key: KeyObject): string {
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const signature = sign(algorithm, dsse.preAuthEncoding(statementType, statement), key);
  const bundle = toDSSEBundle({
    artifact: statement,
    artifactType: statementType,
    signature,
    keyHint: keyHint(createPublicKey(key)),
  });
  return `${JSON.stringify(bundleToJSON(bundle), null, 2)}\n`;
}

/** Identifies a key like cosign: base64 of the sha256 of the public key in DER (SubjectPublicKeyInfo). */
export function keyHint(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}
