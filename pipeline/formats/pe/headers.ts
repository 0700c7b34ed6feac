import { slice, u16, u32, u64 } from '../binary.ts';
import { FormatError } from '../format-error.ts';

/** The headers of a PE file with the offsets that Authenticode needs (Microsoft, "PE Format"). */
export interface PeHeaders {
  readonly machine: number;
  readonly format: 'PE32' | 'PE32+';
  readonly characteristics: number;
  /** Seconds since 1970, or a hash in reproducible builds. */
  readonly timestamp: number;
  readonly checksum: number;
  /** Address of the first instruction (RVA); 0 without one. */
  readonly entryPoint: number;
  readonly imageBase: bigint;
  readonly sectionAlignment: number;
  readonly dllCharacteristics: number;
  readonly subsystem: number;
  readonly subsystemVersion: { readonly major: number; readonly minor: number };
  readonly checksumOffset: number;
  readonly directories: readonly DataDirectory[];
  readonly directoriesOffset: number;
  readonly sections: readonly PeSection[];
  /** First byte after the section headers. */
  readonly end: number;
}

/** A data directory of the optional header; `address` is a file offset for certificates, else an RVA. */
export interface DataDirectory {
  readonly address: number;
  readonly size: number;
}

/** A section with its position in memory (RVA) and in the file. */
export interface PeSection {
  /** Latin-1, without padding. */
  readonly name: string;
  readonly address: number;
  /** Bytes in memory; 0 in files of old linkers, which leave it to `size`. */
  readonly virtualSize: number;
  readonly offset: number;
  /** Bytes in the file. */
  readonly size: number;
  readonly characteristics: number;
}

/** Data directories by index (PE Format, "Optional Header Data Directories"). */
export const directoryIndex = {
  import: 1,
  resource: 2,
  certificate: 4,
  debug: 6,
  importAddresses: 12,
} as const;

const maxDirectories = 16;

/** The loader of Windows takes no more (PE Format, "COFF File Header"). */
export const maxSections = 96;

/** Parses the headers of a PE file; FormatError for other input or truncated sections. */
export function readPeHeaders(bytes: Uint8Array): PeHeaders {
  const { coff, machine } = readCoff(bytes);
  const optional = coff + 20;
  const magic = u16(bytes, optional, 'optional header');
  if (magic !== 0x10b && magic !== 0x20b) {
    throw new FormatError(`the optional header has magic 0x${magic.toString(16)}, neither PE32 nor PE32+`);
  }
  const directoriesOffset = optional + (magic === 0x20b ? 112 : 96);
  const sectionsOffset = optional + u16(bytes, coff + 16, 'size of the optional header');
  const sectionCount = u16(bytes, coff + 2, 'number of sections');
  return {
    machine,
    format: magic === 0x20b ? 'PE32+' : 'PE32',
    characteristics: u16(bytes, coff + 18, 'characteristics'),
    timestamp: u32(bytes, coff + 4, 'timestamp'),
    checksum: u32(bytes, optional + 64, 'checksum'),
    entryPoint: u32(bytes, optional + 16, 'entry point'),
    imageBase:
      magic === 0x20b
        ? u64(bytes, optional + 24, 'image base')
        : BigInt(u32(bytes, optional + 28, 'image base')),
    sectionAlignment: u32(bytes, optional + 32, 'section alignment'),
    dllCharacteristics: u16(bytes, optional + 70, 'DLL characteristics'),
    subsystem: u16(bytes, optional + 68, 'subsystem'),
    subsystemVersion: {
      major: u16(bytes, optional + 48, 'subsystem version'),
      minor: u16(bytes, optional + 50, 'subsystem version'),
    },
    checksumOffset: optional + 64,
    directories: readDirectories(bytes, directoriesOffset, sectionsOffset),
    directoriesOffset,
    sections: readSections(bytes, sectionsOffset, sectionCount),
    end: sectionsOffset + sectionCount * 40,
  };
}

/** Returns whether the input begins with a PE signature; the rest is not checked. */
export function hasPeSignature(bytes: Uint8Array): boolean {
  if (bytes.length < 64 || u16(bytes, 0, 'MZ header') !== 0x5a4d) return false;
  const signature = u32(bytes, 0x3c, 'offset of the PE header');
  return signature + 4 <= bytes.length && u32(bytes, signature, 'PE header') === 0x4550;
}

/** Returns the bytes of a directory; one longer than its section ends with the section, as it does in memory. */
export function directoryBytes(
  bytes: Uint8Array,
  headers: PeHeaders,
  { address, size }: DataDirectory,
  what: string,
): Uint8Array {
  const section = headers.sections.find((at) => address >= at.address && address < at.address + at.size);
  const rest = section === undefined ? size : section.address + section.size - address;
  return bytesAt(bytes, headers, address, Math.min(size, rest), what);
}

/** Returns the bytes of a directory or structure; FormatError when no section contains all of them. */
export function bytesAt(
  bytes: Uint8Array,
  headers: PeHeaders,
  address: number,
  size: number,
  what: string,
): Uint8Array {
  const section = headers.sections.find(
    (at) => address >= at.address && address + size <= at.address + at.size,
  );
  if (section === undefined)
    throw new FormatError(`${what} at RVA 0x${address.toString(16)} is outside all sections`);
  return slice(bytes, section.offset + address - section.address, size, what);
}

function readCoff(bytes: Uint8Array): { coff: number; machine: number } {
  if (!hasPeSignature(bytes)) throw new FormatError('the PE signature is missing');
  const coff = u32(bytes, 0x3c, 'offset of the PE header') + 4;
  return { coff, machine: u16(bytes, coff, 'machine') };
}

function readDirectories(bytes: Uint8Array, offset: number, end: number): DataDirectory[] {
  const count = Math.min(u32(bytes, offset - 4, 'number of data directories'), maxDirectories);
  if (offset + count * 8 > end)
    throw new FormatError('the data directories do not fit in the optional header');
  return Array.from({ length: count }, (_, index) => ({
    address: u32(bytes, offset + index * 8, 'data directory'),
    size: u32(bytes, offset + index * 8 + 4, 'data directory'),
  }));
}

function readSections(bytes: Uint8Array, offset: number, count: number): PeSection[] {
  return Array.from({ length: count }, (_, index) => {
    const header = slice(bytes, offset + index * 40, 40, 'section header');
    const section = {
      name: Buffer.from(header.subarray(0, 8)).toString('latin1').replace(/\0+$/, ''),
      virtualSize: u32(header, 8, 'section size'),
      address: u32(header, 12, 'section address'),
      size: u32(header, 16, 'section size'),
      offset: u32(header, 20, 'section offset'),
      characteristics: u32(header, 36, 'section characteristics'),
    };
    if (section.size > 0 && section.offset + section.size > bytes.length) {
      const end = section.offset + section.size;
      throw new FormatError(
        `section ${index + 1} ends at byte ${end} of ${bytes.length}: the file is truncated`,
      );
    }
    return section;
  });
}
