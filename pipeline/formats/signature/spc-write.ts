import { bits, context, contextPrimitive, nothing, octets, oid, sequence } from './der-write.ts';
import { digestOid, oids } from './oids.ts';
import type { IndirectData } from './spc.ts';

/** What is written of a file's digest besides `IndirectData`. */
export interface IndirectDataToWrite extends IndirectData {
  /** The name of the file's link, empty as Windows itself writes it; catalogs of 2012 and 2013 have `<<<Obsolete>>>`. */
  readonly link?: string;
}

/** Encodes `SpcIndirectDataContent` of a PE or any other file (Microsoft, "Windows Authenticode Portable Executable Signature Format"). */
export function writeIndirectData({ algorithm, digest, isPe, link = '' }: IndirectDataToWrite): Uint8Array {
  const file = context(2, contextPrimitive(0, Buffer.from(link, 'utf16le').swap16()));
  const data = isPe
    ? sequence(oid(oids.peImageData), sequence(peFlags, context(0, file)))
    : sequence(oid(oids.fileLink), file);
  const digestInfo = sequence(
    sequence(oid(digestOid(algorithm)), nothing),
    octets(Buffer.from(digest, 'hex')),
  );
  return sequence(data, digestInfo);
}

/** `SpcPeImageFlags` as every signer writes them. */
const peFlags = bits(Uint8Array.of(0xa0), 5);
