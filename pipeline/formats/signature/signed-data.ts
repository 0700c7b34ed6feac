import { FormatError } from '../format-error.ts';
import { isIssuedByMicrosoft } from './authorities.ts';
import type { Certificate } from './certificate.ts';
import type { Authority } from './chain.ts';
import { type Asn1, attempt } from './der.ts';
import { type KeyWork, startKeyWork } from './key-work.ts';
import { algorithmName, oids } from './oids.ts';
import { type Pkcs7, parsePkcs7, parseSignedData } from './pkcs7.ts';
import { checkSigner } from './signer.ts';
import { attributeValues, type SignerInfo } from './signer-info.ts';
import { type IndirectData, readIndirectData } from './spc.ts';
import { readTimestamp, type Timestamp } from './timestamp.ts';

/** A cryptographically checked signature of a catalog or a PE file; trust in its signers is a separate question. */
export interface Signature {
  /** The file digest in a PE signature; absent in a catalog. */
  readonly indirectData?: IndirectData;
  readonly certificates: readonly Certificate[];
  readonly signers: readonly Signer[];
}

/** One signer; without a `problem`, its signature over the content and the signatures of its certificate chain are valid. */
export interface Signer {
  readonly certificate?: Certificate;
  /** Whether the certificate chain leads, by keys, to a Microsoft root for drivers. */
  readonly issuedByMicrosoft: boolean;
  /** Whether the certificate chain leads to a public authority. */
  readonly authority: Authority;
  /** Set when a cross-certificate in the signature leads to Microsoft Code Verification Root. */
  readonly isCrossSigned?: true;
  /** Name of the issuer whose certificate is missing from the chain. */
  readonly missingIssuer?: string;
  /** Node's name of the algorithm, or its object identifier when unknown. */
  readonly digestAlgorithm: string;
  readonly problem?: string;
  readonly timestamp?: Timestamp;
  /** Further signatures of the same file, added by dual signing. */
  readonly nested: readonly Signature[];
}

/** A signature and the content that it signs. */
export interface SignedContents {
  readonly pkcs7: Pkcs7;
  readonly signature: Signature;
}

const maxNesting = 4;

/** Parses and verifies a SignedData with its timestamps and nested signatures; FormatError for other input. One `work` counts for a whole file. */
export function readSignedData(bytes: Uint8Array, what: string, work = startKeyWork(what)): SignedContents {
  return readNested(parseSignedData(bytes, what), { what, work }, 0);
}

interface Reading {
  readonly what: string;
  readonly work: KeyWork;
}

function readNested(root: Asn1, reading: Reading, depth: number): SignedContents {
  const { what } = reading;
  if (depth > maxNesting) throw new FormatError(`${what} nests more than ${maxNesting} signatures`);
  const pkcs7 = parsePkcs7(root, what);
  const isIndirect = pkcs7.contentType === oids.indirectData;
  const signature = {
    ...(isIndirect && { indirectData: readIndirectData(pkcs7.content) }),
    certificates: pkcs7.certificates.map(({ facts }) => facts),
    signers: pkcs7.signers.map((signer) => readSigner(signer, pkcs7, reading, depth)),
  };
  return { pkcs7, signature };
}

function readSigner(signer: SignerInfo, pkcs7: Pkcs7, reading: Reading, depth: number): Signer {
  const { work } = reading;
  const { certificates, contentBytes, contentType } = pkcs7;
  const check = checkSigner(signer, { bytes: contentBytes, type: contentType }, certificates, work);
  const { certificate, authority, isCrossSigned, missingIssuer, problem } = check;
  const timestamp = readTimestamp(signer, certificates, work);
  const nested = attributeValues(signer.unsignedAttributes, oids.nestedSignature);
  const others = certificates.map(({ x509 }) => x509);
  return {
    ...(certificate !== undefined && { certificate: certificate.facts }),
    issuedByMicrosoft:
      certificate !== undefined &&
      attempt(() => isIssuedByMicrosoft(certificate.x509, others, work), 'certificate'),
    authority,
    ...(isCrossSigned && { isCrossSigned }),
    ...(missingIssuer !== undefined && { missingIssuer }),
    digestAlgorithm: algorithmName(signer.digestAlgorithm),
    ...(problem !== undefined && { problem }),
    ...(timestamp !== undefined && { timestamp }),
    nested: nested.map((value) => readNested(value, reading, depth + 1).signature),
  };
}
