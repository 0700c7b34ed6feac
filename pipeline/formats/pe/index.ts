export { PvdiscError } from '../../core/errors.ts';
export type { Certificate } from '../signature/certificate.ts';
export { allSigners, type SignatureState, signatureState, signerName } from '../signature/signature.ts';
export type { Signature, Signer } from '../signature/signed-data.ts';
export type { Timestamp } from '../signature/timestamp.ts';
export { hasPeSignature } from './headers.ts';
export { type PeImport, readPeImports } from './imports.ts';
export { type DebugInfo, type Pe, parsePe } from './pe.ts';
export {
  authenticodeDigest,
  type CertificateTable,
  type PeSignature,
  readPeSignatures,
} from './signature.ts';
export { type PeVersion, readPeVersion } from './version.ts';
