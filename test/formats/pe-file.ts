/** What `makePe` puts into a PE file. */
export interface PeParts {
  readonly machine?: number;
  readonly isDll?: boolean;
  readonly is64?: boolean;
  readonly directories?: number;
  /** Content of the only section, at RVA 0x1000. */
  readonly section?: Uint8Array;
  readonly resource?: { readonly rva: number; readonly size: number };
  readonly imports?: { readonly rva: number; readonly size: number };
  readonly debug?: { readonly rva: number; readonly size: number };
  /** DER of signatures, each in its own entry of the certificate table. */
  readonly signatures?: readonly Uint8Array[];
  /** Bytes after the section, before the certificate table. */
  readonly tail?: Uint8Array;
}

const sectionOffset = 0x200;

/** Makes a PE file with one section at file offset 0x200; its checksum field is 0x12345678. */
export function makePe(parts: PeParts = {}): Buffer {
  const {
    machine = 0x8664,
    isDll = false,
    is64 = true,
    directories = 16,
    section = Buffer.alloc(64, 0xcc),
  } = parts;
  const header = Buffer.alloc(sectionOffset);
  const optional = 0x40 + 24;
  const directory = optional + (is64 ? 112 : 96);
  header.write('MZ', 0, 'latin1');
  header.writeUInt32LE(0x40, 0x3c);
  header.write('PE', 0x40, 'latin1');
  header.writeUInt16LE(machine, 0x44);
  header.writeUInt16LE(1, 0x46);
  header.writeUInt32LE(1_700_000_000, 0x48);
  header.writeUInt16LE(directory - optional + directories * 8, 0x54);
  header.writeUInt16LE(isDll ? 0x2002 : 0x0002, 0x56);
  header.writeUInt16LE(is64 ? 0x20b : 0x10b, optional);
  header.writeUInt16LE(6, optional + 48);
  header.writeUInt16LE(3, optional + 50);
  header.writeUInt32LE(0x12345678, optional + 64);
  header.writeUInt16LE(1, optional + 68);
  header.writeUInt32LE(directories, directory - 4);
  writeDirectory(header, directory, 1, parts.imports);
  writeDirectory(header, directory, 2, parts.resource);
  writeDirectory(header, directory, 6, parts.debug);
  const sections = directory + directories * 8;
  header.writeUInt32LE(0x1000, sections + 12);
  header.writeUInt32LE(section.length, sections + 16);
  header.writeUInt32LE(sectionOffset, sections + 20);
  const body = Buffer.concat([header, section, parts.tail ?? Buffer.alloc(0)]);
  return parts.signatures === undefined ? body : sign(body, directory, parts.signatures);
}

/** Appends a certificate table, as signing does: padding to 8 bytes, then the entries. */
function sign(body: Buffer, directory: number, signatures: readonly Uint8Array[]): Buffer {
  const table = Buffer.concat(signatures.map(certificateEntry));
  const padded = pad8(body);
  const file = Buffer.concat([padded, table]);
  writeDirectory(file, directory, 4, { rva: padded.length, size: table.length });
  return file;
}

function certificateEntry(der: Uint8Array): Buffer {
  const entry = pad8(Buffer.concat([Buffer.alloc(8), der]));
  entry.writeUInt32LE(entry.length, 0);
  entry.writeUInt16LE(0x200, 4);
  entry.writeUInt16LE(2, 6);
  return entry;
}

function writeDirectory(
  file: Buffer,
  directory: number,
  index: number,
  place?: { rva: number; size: number },
): void {
  if (place === undefined) return;
  file.writeUInt32LE(place.rva, directory + index * 8);
  file.writeUInt32LE(place.size, directory + index * 8 + 4);
}

function pad8(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}
