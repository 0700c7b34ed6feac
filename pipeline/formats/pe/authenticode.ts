import { createHash } from 'node:crypto';
import type { DigestAlgorithm } from '../signature/oids.ts';
import { readCertificateTable } from './certificates.ts';
import { directoryIndex, readPeHeaders } from './headers.ts';

/**
 * Returns the Authenticode digest of a PE file in lower-case hexadecimal: all bytes but the checksum, the certificate
 * directory entry and the certificate table; an unsigned file counts as padded with zeros to a multiple of 8, as
 * signing it would do (Microsoft, "Windows Authenticode Portable Executable Signature Format").
 */
export function authenticodeDigest(bytes: Uint8Array, algorithm: DigestAlgorithm): string {
  const headers = readPeHeaders(bytes);
  const table = readCertificateTable(bytes, headers);
  const hash = createHash(algorithm);
  const entry = headers.directoriesOffset + directoryIndex.certificate * 8;
  hash.update(bytes.subarray(0, headers.checksumOffset));
  if (headers.directories.length > directoryIndex.certificate) {
    hash.update(bytes.subarray(headers.checksumOffset + 4, entry));
    hash.update(bytes.subarray(entry + 8, table?.offset));
  } else {
    hash.update(bytes.subarray(headers.checksumOffset + 4));
  }
  if (table !== undefined) hash.update(bytes.subarray(table.offset + table.size));
  else hash.update(new Uint8Array((8 - (bytes.length % 8)) % 8));
  return hash.digest('hex');
}
