import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a zip; what is not given is right. */
export interface ZipEntry {
  /** UTF-8. */
  readonly name: string;
  readonly bytes?: Uint8Array;
  /** Deflated bytes, instead of those of `bytes`; `size` and `crc` then say what the directory claims. */
  readonly packed?: Uint8Array;
  readonly size?: number;
  readonly crc?: number;
  readonly method?: number;
  readonly flags?: number;
  /** `st_mode` in the upper half of the external attributes. */
  readonly mode?: number;
  /** Where the directory says that the local header is. */
  readonly at?: number;
  readonly extra?: Uint8Array;
}

/** How a zip's end differs from a right one. */
export interface ZipEnd {
  readonly count?: number;
  readonly directoryAt?: number;
  readonly directoryBytes?: number;
  readonly comment?: Uint8Array;
}

/** Makes a zip (PKWARE APPNOTE 4.3) of the entries, as they are and in their order. */
export function zipArchive(entries: readonly ZipEntry[], end: ZipEnd = {}): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const packed = entry.packed ?? deflateRawSync(entry.bytes ?? Buffer.from('x'));
    const header = fixedPart(entry, packed.length);
    const name = Buffer.from(entry.name);
    const extra = entry.extra ?? Buffer.alloc(0);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), header, name, extra, packed]);
    local.push(file);
    directory.push(directoryEntry(entry, header, entry.at ?? at));
    at += file.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const comment = end.comment ?? Buffer.alloc(0);
  const tail = Buffer.alloc(22);
  tail.write('PK\x05\x06', 'latin1');
  tail.writeUInt16LE(end.count ?? entries.length, 8);
  tail.writeUInt16LE(end.count ?? entries.length, 10);
  tail.writeUInt32LE(end.directoryBytes ?? size, 12);
  tail.writeUInt32LE(end.directoryAt ?? at, 16);
  tail.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...local, ...directory, tail, comment]);
}

/** Version, flags, method, date, CRC-32, sizes and lengths: the same in the local header and in the directory. */
function fixedPart(entry: ZipEntry, packedBytes: number): Buffer {
  const bytes = entry.bytes ?? Buffer.from('x');
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(entry.flags ?? 0x800, 2);
  header.writeUInt16LE(entry.method ?? 8, 4);
  header.writeUInt16LE(0x5021, 8);
  header.writeUInt32LE(entry.crc ?? crc32(bytes), 10);
  header.writeUInt32LE(packedBytes, 14);
  header.writeUInt32LE(entry.size ?? bytes.length, 18);
  header.writeUInt16LE(Buffer.byteLength(entry.name), 22);
  header.writeUInt16LE(entry.extra?.length ?? 0, 24);
  return header;
}

function directoryEntry(entry: ZipEntry, header: Buffer, at: number): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 6);
  rest.writeUInt32LE(at, 10);
  const signature = Buffer.from([0x50, 0x4b, 1, 2, 20, 3]);
  return Buffer.concat([signature, header, rest, Buffer.from(entry.name), entry.extra ?? Buffer.alloc(0)]);
}
