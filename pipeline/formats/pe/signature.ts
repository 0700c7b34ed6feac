import { createHash } from 'node:crypto';
import { slice, u16, u32 } from '../binary.ts';
import { FormatError } from '../format-error.ts';
import { trimDer } from '../signature/der.ts';
import { startKeyWork } from '../signature/key-work.ts';
import type { DigestAlgorithm } from '../signature/oids.ts';
import { readSignedData, type Signature } from '../signature/signed-data.ts';
import { directoryIndex, type PeHeaders, readPeHeaders } from './headers.ts';
import { arePagesRight } from './page-hashes.ts';

/** An embedded signature of a PE file, and whether its digest matches the file, and its page hashes where it has some. */
export interface PeSignature extends Signature {
  readonly matches: boolean;
  readonly pagesMatch?: boolean;
}

/** Reads the embedded signatures of a PE file, each followed by its nested ones; empty for an unsigned file. */
export function readPeSignatures(bytes: Uint8Array): PeSignature[] {
  const headers = readPeHeaders(bytes);
  const table = readCertificateTable(bytes, headers);
  const work = startKeyWork('embedded signature');
  const signatures = (table?.signatures ?? []).map(
    (der) => readSignedData(der, 'embedded signature', work).signature,
  );
  const digests = new Map<DigestAlgorithm, string>();
  const digestOf = (algorithm: DigestAlgorithm) => {
    const digest = digests.get(algorithm) ?? authenticodeDigest(bytes, algorithm);
    digests.set(algorithm, digest);
    return digest;
  };
  return signatures.flatMap(withNested).map((signature) => {
    const { indirectData } = signature;
    const matches = indirectData !== undefined && digestOf(indirectData.algorithm) === indirectData.digest;
    const { pageHashes } = indirectData ?? {};
    const pages = pageHashes && { pagesMatch: arePagesRight(bytes, headers, pageHashes) };
    return { ...signature, matches, ...pages };
  });
}

function withNested(signature: Signature): Signature[] {
  return [signature, ...signature.signers.flatMap(({ nested }) => nested).flatMap(withNested)];
}

/** The attribute certificate table: its position, and its PKCS#7 signatures (DER) as copies that do not retain the file. */
export interface CertificateTable {
  readonly offset: number;
  readonly size: number;
  readonly signatures: readonly Uint8Array[];
  /** Bytes after the signatures that are no padding: neither digest nor signature covers them (MS13-098). */
  readonly unsignedData: number;
}

const entryHeader = 8;

const maxEntries = 64;

const typePkcs7 = 2;

/** Reads the certificate table (PE Format, "The Attribute Certificate Table"); undefined in an unsigned file. */
export function readCertificateTable(bytes: Uint8Array, headers: PeHeaders): CertificateTable | undefined {
  const table = tableBytes(bytes, headers);
  if (table === undefined) return undefined;
  return { ...rangeOf(headers), ...readSignatures(table) };
}

function rangeOf({ directories }: PeHeaders): { readonly offset: number; readonly size: number } {
  const { address: offset, size } = directories[directoryIndex.certificate] ?? { address: 0, size: 0 };
  return { offset, size };
}

/** The bytes of the certificate table, whatever its entries are; undefined in an unsigned file. */
function tableBytes(bytes: Uint8Array, headers: PeHeaders): Uint8Array | undefined {
  const { offset, size } = rangeOf(headers);
  if (size === 0) return undefined;
  if (offset < headers.end)
    throw new FormatError(`the certificate table at byte ${offset} overlaps the headers`);
  return slice(bytes, offset, size, 'certificate table');
}

function readSignatures(table: Uint8Array): Pick<CertificateTable, 'signatures' | 'unsignedData'> {
  const signatures: Uint8Array[] = [];
  let unsignedData = 0;
  let entries = 0;
  for (let at = 0; at + entryHeader <= table.length; entries++) {
    if (entries === maxEntries)
      throw new FormatError(`the certificate table has more than ${maxEntries} entries`);
    const length = u32(table, at, 'certificate length');
    if (length < entryHeader)
      throw new FormatError(`the certificate at byte ${at} of its table has an invalid length: ${length}`);
    const entry = slice(table, at, length, 'certificate');
    if (u16(entry, 6, 'certificate type') === typePkcs7) {
      const signature = trimDer(entry.subarray(entryHeader));
      signatures.push(Uint8Array.from(signature));
      unsignedData += dataLength(entry.subarray(entryHeader + signature.length));
    }
    at += Math.ceil(length / 8) * 8;
  }
  return { signatures, unsignedData };
}

/** Padding is less than 8 zeros. */
function dataLength(rest: Uint8Array): number {
  return rest.length < 8 && rest.every((byte) => byte === 0) ? 0 : rest.length;
}

/**
 * Returns the Authenticode digest of a PE file in lower-case hexadecimal: all bytes but the checksum, the certificate
 * directory entry and the certificate table; an unsigned file counts as padded with zeros to a multiple of 8, as
 * signing it would do (Microsoft, "Windows Authenticode Portable Executable Signature Format"). The digest needs the position of the
 * table only, so a file has it although its signatures are unreadable.
 */
export function authenticodeDigest(bytes: Uint8Array, algorithm: DigestAlgorithm): string {
  const headers = readPeHeaders(bytes);
  const { offset, size } = rangeOf(headers);
  const isSigned = tableBytes(bytes, headers) !== undefined;
  const hash = createHash(algorithm);
  const entry = headers.directoriesOffset + directoryIndex.certificate * 8;
  hash.update(bytes.subarray(0, headers.checksumOffset));
  if (headers.directories.length > directoryIndex.certificate) {
    hash.update(bytes.subarray(headers.checksumOffset + 4, entry));
    hash.update(bytes.subarray(entry + 8, isSigned ? offset : undefined));
  } else {
    hash.update(bytes.subarray(headers.checksumOffset + 4));
  }
  if (isSigned) hash.update(bytes.subarray(offset + size));
  else hash.update(new Uint8Array((8 - (bytes.length % 8)) % 8));
  return hash.digest('hex');
}
