import type { SignerInfo } from 'pkijs';
import { FormatError } from '../format-error.ts';
import { isIssuedByMicrosoft } from './authorities.ts';
import type { Certificate } from './certificate.ts';
import type { Authority } from './chain.ts';
import { type Asn1, attempt, parseDer } from './der.ts';
import { type KeyWork, startKeyWork } from './key-work.ts';
import { digestAlgorithm, oids } from './oids.ts';
import { attributeValues, type Pkcs7, parsePkcs7 } from './pkcs7.ts';
import { checkSigner } from './signer.ts';
import { type IndirectData, readIndirectData } from './spc.ts';
import { readTimestamp, type Timestamp } from './timestamp.ts';

/** A signature of a catalog or a PE file, with its mathematics checked. Whether to trust its signers is another question. */
export interface Signature {
  /** The digest that a PE signature holds of its file; absent in a catalog. */
  readonly indirectData?: IndirectData;
  readonly certificates: readonly Certificate[];
  readonly signers: readonly Signer[];
}

/** One signer; without a `problem` it signed exactly this content, and its certificate and their issuers are as they were signed. */
export interface Signer {
  readonly certificate?: Certificate;
  /** Whether the chain of its certificate leads to a root of Microsoft for drivers, by keys and not by names. */
  readonly issuedByMicrosoft: boolean;
  /** Whether that chain leads to a public authority. */
  readonly authority: Authority;
  /** Name of the authority whose certificate the chain lacks. */
  readonly missingIssuer?: string;
  /** Node's name of the algorithm, or its object identifier when it is not known. */
  readonly digestAlgorithm: string;
  readonly problem?: string;
  readonly timestamp?: Timestamp;
  /** Further signatures of the same file, as dual signing adds them. */
  readonly nested: readonly Signature[];
}

/** A Signature with what it signs. */
export interface SignedContents {
  readonly pkcs7: Pkcs7;
  readonly signature: Signature;
}

const maxNesting = 4;

/** Reads and checks a SignedData with its timestamps and nested signatures; FormatError when the bytes are none. One `work` counts for all of a file. */
export function readSignedData(bytes: Uint8Array, what: string, work = startKeyWork(what)): SignedContents {
  return readNested(parseDer(bytes, what), { what, work }, 0);
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
  const { certificate, authority, missingIssuer, problem } = check;
  const timestamp = readTimestamp(signer, certificates, work);
  const nested = attributeValues(signer.unsignedAttrs?.attributes, oids.nestedSignature);
  const { algorithmId } = signer.digestAlgorithm;
  const others = certificates.map(({ x509 }) => x509);
  return {
    ...(certificate !== undefined && { certificate: certificate.facts }),
    issuedByMicrosoft:
      certificate !== undefined &&
      attempt(() => isIssuedByMicrosoft(certificate.x509, others, work), 'certificate'),
    authority,
    ...(missingIssuer !== undefined && { missingIssuer }),
    digestAlgorithm: digestAlgorithm(algorithmId) ?? algorithmId,
    ...(problem !== undefined && { problem }),
    ...(timestamp !== undefined && { timestamp }),
    nested: nested.map((value) => readNested(value, reading, depth + 1).signature),
  };
}
