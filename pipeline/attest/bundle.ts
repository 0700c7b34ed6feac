import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { bundleToJSON, toDSSEBundle } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';

/** What the payload of an envelope is (https://github.com/in-toto/attestation/blob/main/spec/v1/envelope.md). */
export const statementType = 'application/vnd.in-toto+json';

/** What pvdisc writes, and cosign 3 too (https://github.com/sigstore/protobuf-specs, sigstore_bundle.proto). */
export const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/**
 * Returns a Sigstore bundle v0.3 (JSON) with the DSSE envelope of an in-toto statement, whose bytes are the payload, signed by a
 * private key. It has no entry of a transparency log and no time; with ECDSA no two are alike.
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

/** Tells keys apart as cosign's bundles do: base64 of the sha256 of the public key in DER (SubjectPublicKeyInfo). */
export function keyHint(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}
