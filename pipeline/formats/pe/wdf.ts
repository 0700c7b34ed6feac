import { slice, u32, u64 } from '../binary.ts';
import { type PeHeaders, readPeHeaders } from './headers.ts';

/** The version of the Kernel-Mode Driver Framework (KMDF) that a driver was built for. */
export interface WdfBinding {
  /** `major.minor`. */
  readonly version: string;
  /** The oldest version that loads the driver; the same as `version` unless it was built for several versions of Windows. */
  readonly minimum: string;
}

const library = Buffer.from('KmdfLibrary\0', 'utf16le');
const major = 1;

/** Far more candidates than a real driver has. */
const maxCandidates = 64;
const maxMinor = 999;

/**
 * Reads `WDF_BIND_INFO` of a driver (Microsoft, Windows-Driver-Frameworks, `fxldr.h`), which its loader compares with the framework; undefined
 * in a driver without one, such as a user-mode driver (UMDF). Nothing points to the structure, so that it is found by its pointer to the name of the library.
 */
export function readWdfBinding(bytes: Uint8Array): WdfBinding | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const headers = readPeHeaders(bytes);
  for (const offset of offsetsOf(file, library)) {
    const address = addressOf(headers, offset);
    const found = address === undefined ? undefined : bindingTo(file, headers, address);
    if (found !== undefined) return found;
  }
  return undefined;
}

function* offsetsOf(file: Buffer, wanted: Buffer): Generator<number> {
  let at = file.indexOf(wanted);
  for (let count = 0; at !== -1 && count < maxCandidates; count++) {
    yield at;
    at = file.indexOf(wanted, at + 1);
  }
}

/** Looks for a bind information whose `Component` points to the address. */
function bindingTo(file: Buffer, headers: PeHeaders, address: bigint): WdfBinding | undefined {
  const { pointer, size } = layouts[headers.format];
  for (const at of offsetsOf(file, pointerBytes(address, pointer))) {
    if (at < pointer || at - pointer + size > file.length) continue;
    const info = slice(file, at - pointer, size, 'WDF bind information');
    const length = u32(info, 0, 'WDF bind information');
    const [foundMajor = 0, minor = 0] = [0, 4].map((field) => u32(info, 2 * pointer + field, 'WDF version'));
    if (length < size || length > 4 * size || foundMajor !== major || minor > maxMinor) continue;
    const minimum = length > size ? minimumOf(file, headers, at - pointer + size) : undefined;
    return {
      version: `${major}.${minor}`,
      minimum: `${major}.${minimum === undefined || minimum > minor ? minor : minimum}`,
    };
  }
  return undefined;
}

/** Bytes of a pointer and of `WDF_BIND_INFO`: size, component, version of three numbers, count, table, module. */
const layouts = { PE32: { pointer: 4, size: 0x20 }, 'PE32+': { pointer: 8, size: 0x30 } } as const;

/** `MinimumVersionRequired` of `WDF_BIND_INFO2`, a pointer to a number. */
function minimumOf(file: Buffer, headers: PeHeaders, at: number): number | undefined {
  const { pointer } = layouts[headers.format];
  if (at + pointer > file.length) return undefined;
  const address = pointer === 8 ? u64(file, at, 'WDF version') : BigInt(u32(file, at, 'WDF version'));
  const rva = Number(address - headers.imageBase);
  const section = headers.sections.find((one) => rva >= one.address && rva + 4 <= one.address + one.size);
  return section === undefined ? undefined : u32(file, section.offset + rva - section.address, 'WDF version');
}

function addressOf({ sections, imageBase }: PeHeaders, offset: number): bigint | undefined {
  const section = sections.find((one) => offset >= one.offset && offset < one.offset + one.size);
  return section === undefined ? undefined : imageBase + BigInt(section.address + offset - section.offset);
}

function pointerBytes(address: bigint, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, address));
  return bytes.subarray(0, length);
}
