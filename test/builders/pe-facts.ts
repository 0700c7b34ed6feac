/** A section header of a PE file. */
export interface SectionFacts {
  readonly name: string;
  readonly virtualSize: number;
  readonly rva: number;
  readonly rawSize: number;
  readonly rawOffset: number;
  readonly characteristics: number;
}

/** Reads a PE file by the offsets of Microsoft's PE Format specification, apart from every other reader in the project. */
export function peFacts(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u16 = (offset: number) => view.getUint16(offset, true);
  const u32 = (offset: number) => view.getUint32(offset, true);
  const pe = u32(0x3c);
  const optional = pe + 24;
  const magic = u16(optional);
  const directories = optional + (magic === 0x20b ? 112 : 96);
  const sectionTable = optional + u16(pe + 20);
  const sectionCount = u16(pe + 6);
  return {
    dosMagic: u16(0),
    signature: u32(pe),
    machine: u16(pe + 4),
    timeDateStamp: u32(pe + 8),
    optionalHeaderSize: u16(pe + 20),
    characteristics: u16(pe + 22),
    magic,
    sizeOfCode: u32(optional + 4),
    sizeOfInitializedData: u32(optional + 8),
    entryPoint: u32(optional + 16),
    baseOfCode: u32(optional + 20),
    baseOfData: magic === 0x10b ? u32(optional + 24) : undefined,
    imageBase: magic === 0x10b ? u32(optional + 28) : Number(view.getBigUint64(optional + 24, true)),
    sectionAlignment: u32(optional + 32),
    fileAlignment: u32(optional + 36),
    subsystemVersion: `${u16(optional + 48)}.${u16(optional + 50)}`,
    sizeOfImage: u32(optional + 56),
    sizeOfHeaders: u32(optional + 60),
    checksum: u32(optional + 64),
    checksumOffset: optional + 64,
    subsystem: u16(optional + 68),
    directoryCount: u32(directories - 4),
    directories,
    resource: { rva: u32(directories + 16), size: u32(directories + 20) },
    certificate: { offset: u32(directories + 32), size: u32(directories + 36) },
    headersEnd: sectionTable + sectionCount * 40,
    sections: Array.from({ length: sectionCount }, (_, index): SectionFacts => {
      const at = sectionTable + index * 40;
      return {
        name: Buffer.from(bytes.subarray(at, at + 8))
          .toString('latin1')
          .replaceAll('\0', ''),
        virtualSize: u32(at + 8),
        rva: u32(at + 12),
        rawSize: u32(at + 16),
        rawOffset: u32(at + 20),
        characteristics: u32(at + 36),
      };
    }),
  };
}

/** Returns the PE checksum: the 16-bit one's complement sum of the file without the field itself, plus the length. */
export function peChecksum(bytes: Uint8Array): number {
  const { checksumOffset } = peFacts(bytes);
  let sum = 0;
  for (let offset = 0; offset < bytes.length; offset += 2) {
    if (offset === checksumOffset || offset === checksumOffset + 2) continue;
    sum += (bytes[offset] ?? 0) + 256 * (bytes[offset + 1] ?? 0);
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  return sum + bytes.length;
}
