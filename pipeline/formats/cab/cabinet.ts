import { createHash } from 'node:crypto';
import { slice, u16, u32 } from '../binary.ts';
import { FormatError } from '../format-error.ts';
import { trimDer } from '../signature/der.ts';
import { readSignedData, type Signature } from '../signature/signed-data.ts';

/** `CFHEADER` without what is optional in it (MS-CAB, 2.1). */
const headerSize = 36;

const at = { size: 8, firstFile: 16, folders: 26, flags: 30, reserve: 36, folderReserve: 38 } as const;

const flag = { hasNeighbour: 3, hasReserve: 4 } as const;

/**
 * What Windows adds to the header of a cabinet that is signed: the sizes of the reserves (20, 0, 0), and a reserve with the place and the
 * size of the signature. No norm describes it; osslsigncode and signtool write the same.
 */
const signatureReserve = Buffer.from('1400000000001000000000000000000000000000', 'hex');
const reserveSize = 24;
const place = { signature: headerSize + 8, size: headerSize + 12, hashed: headerSize + 20 } as const;

/** Returns whether a file starts as a cabinet does. */
export function isCabinet(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'MSCF';
}

/** Returns the SHA-256 that a signature of a cabinet holds, signed or not, in lower-case hexadecimal. */
export function cabinetDigest(bytes: Uint8Array): string {
  const body = withReserve(bytes);
  const hash = createHash('sha256');
  hash.update(body.subarray(0, 4));
  hash.update(body.subarray(at.size, headerSize - 2));
  hash.update(body.subarray(place.hashed));
  return hash.digest('hex');
}

/** Returns a cabinet with a PKCS#7 signature (DER) in place of the one that it had: appended, its place noted in the header's reserve. */
export function embedCabinetSignature(bytes: Uint8Array, der: Uint8Array): Buffer {
  const body = withReserve(bytes);
  const padded = Buffer.alloc(Math.ceil(der.length / 8) * 8);
  padded.set(der);
  body.writeUInt32LE(body.length, place.signature);
  body.writeUInt32LE(padded.length, place.size);
  return Buffer.concat([body, padded]);
}

/** Reads the signature of a cabinet, and whether its digest matches the file; undefined in an unsigned one. */
export function readCabinetSignature(
  bytes: Uint8Array,
): (Signature & { readonly matches: boolean }) | undefined {
  const range = hasReserve(bytes) ? signatureRange(bytes) : undefined;
  if (range === undefined) return undefined;
  const der = trimDer(slice(bytes, range.offset, range.size, 'signature of the cabinet'));
  const { signature } = readSignedData(der, 'signature of the cabinet');
  const { indirectData } = signature;
  const matches =
    indirectData?.algorithm === 'sha256' &&
    range.offset + range.size === bytes.length &&
    indirectData.digest === cabinetDigest(bytes);
  return { ...signature, matches };
}

function hasReserve(bytes: Uint8Array): boolean {
  if (!isCabinet(bytes)) throw new FormatError('it is no cabinet');
  const flags = u16(bytes, at.flags, 'cabinet flags');
  if ((flags & flag.hasNeighbour) !== 0) throw new FormatError('the cabinet is one of several');
  if ((flags & flag.hasReserve) === 0) return false;
  const sizes = slice(bytes, at.reserve, 8, 'reserve of the cabinet');
  if (!signatureReserve.subarray(0, 8).equals(sizes))
    throw new FormatError('the header of the cabinet has a reserve for something other than a signature');
  return true;
}

function signatureRange(bytes: Uint8Array): { readonly offset: number; readonly size: number } | undefined {
  const offset = u32(bytes, place.signature, 'place of the signature');
  const size = u32(bytes, place.size, 'size of the signature');
  return size === 0 ? undefined : { offset, size };
}

/** Returns the cabinet without a signature and with the reserve for one. */
function withReserve(bytes: Uint8Array): Buffer {
  if (hasReserve(bytes)) {
    const body = Buffer.from(slice(bytes, 0, signatureRange(bytes)?.offset ?? bytes.length, 'cabinet'));
    body.fill(0, place.signature, place.hashed);
    return body;
  }
  const [header, rest] = [slice(bytes, 0, headerSize, 'cabinet header'), bytes.subarray(headerSize)];
  const body = Buffer.concat([header, signatureReserve, Buffer.alloc(4), rest]);
  body.writeUInt32LE(u32(bytes, at.size, 'size of the cabinet') + reserveSize, at.size);
  body.writeUInt32LE(u32(bytes, at.firstFile, 'place of the files') + reserveSize, at.firstFile);
  body.writeUInt16LE(u16(bytes, at.flags, 'cabinet flags') | flag.hasReserve, at.flags);
  for (let folder = 0; folder < u16(bytes, at.folders, 'number of folders'); folder++) {
    const entry = headerSize + reserveSize + 8 * folder;
    body.writeUInt32LE(u32(body, entry, 'place of a folder') + reserveSize, entry);
  }
  return body;
}
