import { cabinetDigest, embedCabinetSignature, isCabinet } from '../formats/cab/cabinet.ts';
import { FormatError } from '../formats/format-error.ts';
import { embedSignature } from '../formats/pe/embed.ts';
import { hasPeSignature } from '../formats/pe/headers.ts';
import { authenticodeDigest } from '../formats/pe/signature.ts';
import { encodingOf } from '../formats/signature/der.ts';
import { oids } from '../formats/signature/oids.ts';
import { readSignedData } from '../formats/signature/signed-data.ts';
import { writeIndirectData } from '../formats/signature/spc-write.ts';
import type { ContentToSign } from '../formats/signature/write.ts';

/** Returns what a signature of a file is over: the list of a catalog, signed or not, or the SHA-256 Authenticode digest of a PE or cabinet; FormatError for any other file. */
export function contentToSign(bytes: Uint8Array): ContentToSign {
  if (hasPeSignature(bytes)) {
    const digest = authenticodeDigest(bytes, 'sha256');
    return { type: oids.indirectData, der: writeIndirectData({ algorithm: 'sha256', digest, isPe: true }) };
  }
  if (isCabinet(bytes)) {
    const digest = cabinetDigest(bytes);
    return { type: oids.indirectData, der: writeIndirectData({ algorithm: 'sha256', digest, isPe: false }) };
  }
  const { contentType, content } = readSignedData(bytes, 'catalog').pkcs7;
  if (contentType !== oids.certificateTrustList || content === undefined)
    throw new FormatError('not a catalog: it signs something else');
  return { type: contentType, der: encodingOf(content) };
}

/** Returns the file with that signature (DER of a SignedData over its content): a PE or cabinet with it embedded; a catalog is its signature. */
export function withSignature(bytes: Uint8Array, signedData: Uint8Array): Uint8Array {
  if (isCabinet(bytes)) return embedCabinetSignature(bytes, signedData);
  return hasPeSignature(bytes) ? embedSignature(bytes, signedData) : signedData;
}
