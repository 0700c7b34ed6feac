export { PvdiscError } from '../../core/errors.ts';
export type { Certificate } from '../signature/certificate.ts';
export { allSigners, type SignatureState, signatureState, signerName } from '../signature/signature.ts';
export type { Signature, Signer } from '../signature/signed-data.ts';
export type { Timestamp } from '../signature/timestamp.ts';
export { type Catalog, parseCatalog } from './catalog.ts';
export { type FileDigests, fileDigests, flatDigests, membersOf } from './file-digests.ts';
export type { CatalogMember, NameValue } from './member.ts';
