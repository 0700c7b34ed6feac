import { readSignedData, type Signature } from '../signature/signed-data.ts';
import { authenticodeDigest } from './authenticode.ts';
import { readCertificateTable } from './certificates.ts';
import { readPeHeaders } from './headers.ts';

/** An embedded signature of a PE file, and whether the digest that it holds is that of the file. */
export interface PeSignature extends Signature {
  readonly matches: boolean;
}

/** Reads all embedded signatures of a PE file, each followed by those nested in it; none for an unsigned file. */
export function readPeSignatures(bytes: Uint8Array): PeSignature[] {
  const table = readCertificateTable(bytes, readPeHeaders(bytes));
  const signatures = (table?.signatures ?? []).map(
    (der) => readSignedData(der, 'embedded signature').signature,
  );
  return signatures
    .flatMap(withNested)
    .map((signature) => ({ ...signature, matches: matches(bytes, signature) }));
}

function withNested(signature: Signature): Signature[] {
  return [signature, ...signature.signers.flatMap(({ nested }) => nested).flatMap(withNested)];
}

function matches(bytes: Uint8Array, { indirectData }: Signature): boolean {
  return (
    indirectData !== undefined && authenticodeDigest(bytes, indirectData.algorithm) === indirectData.digest
  );
}
