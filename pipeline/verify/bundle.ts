import type { KeyObject } from 'node:crypto';
import {
  type BundleWithDsseEnvelope,
  bundleFromJSON,
  isBundleWithDsseEnvelope,
  isBundleWithPublicKey,
  ValidationError,
} from '@sigstore/bundle';
import { toSignedEntity, VerificationError, Verifier } from '@sigstore/verify';
import { bundleType, statementType } from '../attest/bundle.ts';
import { parseJson } from '../core/parse-json.ts';

/** Reads a bundle, or returns why it is not one that pvdisc writes. */
export function readBundle(text: string): BundleWithDsseEnvelope | string {
  const json = parseObject(text);
  if (json === undefined) return 'is not a Sigstore bundle: it is not a JSON object';
  try {
    const bundle = bundleFromJSON(json);
    if (bundle.mediaType !== bundleType) return `has type ${bundle.mediaType}, expected ${bundleType}`;
    if (!isBundleWithPublicKey(bundle)) return 'is signed with a certificate, expected a key';
    if (!isBundleWithDsseEnvelope(bundle)) return 'has no DSSE envelope';
    const { payloadType } = bundle.content.dsseEnvelope;
    return payloadType === statementType
      ? bundle
      : `its payload has type ${payloadType}, expected ${statementType}`;
  } catch (error) {
    const wrong = error instanceof ValidationError ? `: ${error.fields.join(', ')}` : '';
    return `is not a Sigstore bundle: fields are missing or have the wrong type${wrong}`;
  }
}

/** Verifies only the signature; ignores log entries and timestamps that another program may have added. */
export function bundleProblem(bundle: BundleWithDsseEnvelope, key: KeyObject): string | undefined {
  const trusted = { publicKey: key, validFor: () => true };
  const none = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
  const verifier = new Verifier(
    { ...none, publicKey: () => trusted },
    { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
  );
  try {
    verifier.verify({ ...toSignedEntity(bundle), tlogEntries: [], timestamps: [] });
    return undefined;
  } catch (error) {
    if (error instanceof VerificationError) return `is not signed with the given key: ${error.message}`;
    throw error;
  }
}

function parseObject(text: string): object | undefined {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null ? value : undefined;
}
