import { FormatError } from '../format-error.ts';
import { directoryIndex, readPeHeaders } from './headers.ts';
import { readCertificateTable } from './signature.ts';

/** `WIN_CERT_REVISION_2_0` and `WIN_CERT_TYPE_PKCS_SIGNED_DATA`. */
const certificateRevision = 0x200;
const certificateType = 2;
const entryHeader = 8;

/**
 * Returns a PE file with a PKCS#7 signature (DER) in place of those that it had: cut, padded with zeros to a multiple of 8, the
 * certificate table appended, its directory entry and the checksum set (PE Format, "The Attribute Certificate Table").
 */
export function embedSignature(bytes: Uint8Array, der: Uint8Array): Buffer {
  const body = withoutSignature(bytes);
  const entry = Buffer.alloc(align8(entryHeader + der.length));
  entry.writeUInt32LE(entry.length, 0);
  entry.writeUInt16LE(certificateRevision, 4);
  entry.writeUInt16LE(certificateType, 6);
  entry.set(der, entryHeader);
  const file = Buffer.concat([body, entry]);
  setDirectory(file, body.length, entry.length);
  return setChecksum(file);
}

/** Returns a PE file without its certificate table, padded with zeros to a multiple of 8, which changes no Authenticode digest; FormatError where data follow the table. */
export function withoutSignature(bytes: Uint8Array): Buffer {
  const table = readCertificateTable(bytes, readPeHeaders(bytes));
  if (table !== undefined && table.offset + table.size < bytes.length)
    throw new FormatError('data follow its certificate table, so that its signature cannot be replaced');
  const end = table?.offset ?? bytes.length;
  const file = Buffer.alloc(align8(end));
  file.set(bytes.subarray(0, end));
  setDirectory(file, 0, 0);
  return setChecksum(file);
}

/** Returns the checksum that belongs into the headers of a PE file: the sum of its 16-bit words without the field, plus its length (`CheckSumMappedFile`). */
export function peChecksum(bytes: Uint8Array): number {
  const { checksumOffset } = readPeHeaders(bytes);
  let sum = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  if (bytes.length % 2 === 1) sum += bytes.at(-1) ?? 0;
  for (let at = checksumOffset; at < checksumOffset + 4; at++)
    sum -= (bytes[at] ?? 0) * (at % 2 === 0 ? 1 : 256);
  while (sum > 0xffff) sum = (sum % 0x1_0000) + Math.floor(sum / 0x1_0000);
  return sum + bytes.length;
}

function setChecksum(file: Buffer): Buffer {
  file.writeUInt32LE(peChecksum(file), readPeHeaders(file).checksumOffset);
  return file;
}

function setDirectory(file: Buffer, address: number, size: number): void {
  const { directories, directoriesOffset } = readPeHeaders(file);
  if (directories.length <= directoryIndex.certificate)
    throw new FormatError('its headers have no entry for certificates');
  file.writeUInt32LE(address, directoriesOffset + directoryIndex.certificate * 8);
  file.writeUInt32LE(size, directoriesOffset + directoryIndex.certificate * 8 + 4);
}

function align8(length: number): number {
  return Math.ceil(length / 8) * 8;
}
