import { slice, u16, u32 } from '../binary.ts';
import { FormatError } from '../format-error.ts';
import { bytesAt, directoryIndex, maxSections, type PeHeaders, readPeHeaders } from './headers.ts';

/** What a PE file takes from a library; a function without a name is `#` and its ordinal. */
export interface PeImport {
  readonly library: string;
  readonly functions: readonly string[];
}

const descriptorBytes = 20;
const maxLibraries = 1024;
const maxFunctions = 65_536;
const maxNameBytes = 1024;

/** Reads the import directory of a PE file (PE Format, "The .idata Section"); FormatError when it is not what the format demands. */
export function readPeImports(bytes: Uint8Array): PeImport[] {
  const headers = readPeHeaders(bytes);
  const { address, size } = headers.directories[directoryIndex.import] ?? { address: 0, size: 0 };
  if (size === 0) return [];
  if (headers.sections.length > maxSections)
    throw new FormatError(`${headers.sections.length} sections; Windows loads at most ${maxSections}`);
  const imports: PeImport[] = [];
  let left = maxFunctions;
  for (let at = address; ; at += descriptorBytes) {
    const descriptor = bytesAt(bytes, headers, at, descriptorBytes, 'import directory');
    const [lookup = 0, , , name = 0, bound = 0] = [0, 4, 8, 12, 16].map((offset) =>
      u32(descriptor, offset, 'import directory'),
    );
    if (name === 0) return imports;
    if (imports.length === maxLibraries)
      throw new FormatError(`import directory of more than ${maxLibraries} libraries`);
    const functions = readFunctions(bytes, headers, lookup === 0 ? bound : lookup, left);
    left -= functions.length;
    imports.push({ library: nameAt(bytes, headers, name), functions });
  }
}

/** The import lookup table: a number each, which is an ordinal where its highest bit is set, else the address of hint and name. */
function readFunctions(bytes: Uint8Array, headers: PeHeaders, address: number, most: number): string[] {
  const entryBytes = headers.format === 'PE32+' ? 8 : 4;
  const functions: string[] = [];
  for (let at = address; ; at += entryBytes) {
    const entry = bytesAt(bytes, headers, at, entryBytes, 'import lookup table');
    const low = u32(entry, 0, 'import lookup table');
    const high = u32(entry, entryBytes - 4, 'import lookup table');
    if (low === 0 && high === 0) return functions;
    if (functions.length === most) throw new FormatError(`more than ${maxFunctions} imported functions`);
    functions.push(high >= 0x8000_0000 ? `#${u16(entry, 0, 'ordinal')}` : nameAt(bytes, headers, low + 2));
  }
}

/** Reads a name up to its NUL, which must be in the same section. */
function nameAt(bytes: Uint8Array, headers: PeHeaders, address: number): string {
  const section = headers.sections.find((one) => address >= one.address && address < one.address + one.size);
  if (section === undefined)
    throw new FormatError(`imported name at RVA 0x${address.toString(16)} is in no section`);
  const length = Math.min(section.address + section.size - address, maxNameBytes);
  const name = slice(bytes, section.offset + address - section.address, length, 'imported name');
  const end = name.indexOf(0);
  if (end === -1) throw new FormatError(`imported name at RVA 0x${address.toString(16)} has no end`);
  return Buffer.from(name.subarray(0, end)).toString('latin1');
}
