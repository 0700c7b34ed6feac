import { hex, slice, u32 } from '../binary.ts';
import { bytesAt, directoryIndex, type PeHeaders, readPeHeaders } from './headers.ts';
import { type CertificateTable, readCertificateTable } from './signature.ts';

/** Facts of a PE file; `machine` and `subsystem` are the numbers of the PE format. */
export interface Pe
  extends Pick<
    PeHeaders,
    'machine' | 'format' | 'timestamp' | 'checksum' | 'subsystem' | 'subsystemVersion'
  > {
  readonly isDll: boolean;
  /** Absent in a file without an embedded signature. */
  readonly certificateTable?: CertificateTable;
  /** Absent where no debug directory names a program database. */
  readonly debug?: DebugInfo;
}

const imageFileDll = 0x2000;

/** Parses a PE32 or PE32+ file (Microsoft, "PE Format"); FormatError for other or truncated input. */
export function parsePe(bytes: Uint8Array): Pe {
  const headers = readPeHeaders(bytes);
  const { machine, format, timestamp, checksum, subsystem, subsystemVersion, characteristics } = headers;
  const certificateTable = readCertificateTable(bytes, headers);
  const debug = readDebugInfo(bytes, headers);
  return {
    machine,
    format,
    timestamp,
    checksum,
    subsystem,
    subsystemVersion,
    isDll: (characteristics & imageFileDll) !== 0,
    ...(certificateTable !== undefined && { certificateTable }),
    ...(debug !== undefined && { debug }),
  };
}

/** The program database of a PE file: its GUID, age, and file name without folders. */
export interface DebugInfo {
  readonly guid: string;
  readonly age: number;
  readonly pdb: string;
  /** The path on the machine that built the file, as the linker wrote it. */
  readonly path: string;
}

const entrySize = 28;

const maxEntries = 64;

const typeCodeView = 2;

const rsds = 0x53445352;

const rsdsHeader = 24;

/** Reads the first CodeView entry of the debug directory that is in RSDS form, if there is one. */
export function readDebugInfo(bytes: Uint8Array, headers: PeHeaders): DebugInfo | undefined {
  const { address, size } = headers.directories[directoryIndex.debug] ?? { address: 0, size: 0 };
  const count = Math.min(Math.floor(size / entrySize), maxEntries);
  if (count === 0) return undefined;
  const directory = bytesAt(bytes, headers, address, count * entrySize, 'debug directory');
  for (let at = 0; at < directory.length; at += entrySize) {
    if (u32(directory, at + 12, 'debug type') !== typeCodeView) continue;
    const length = u32(directory, at + 16, 'debug data size');
    const data = slice(bytes, u32(directory, at + 24, 'debug data offset'), length, 'debug data');
    if (length > rsdsHeader && u32(data, 0, 'debug signature') === rsds) return rsdsInfo(data);
  }
  return undefined;
}

function rsdsInfo(data: Uint8Array): DebugInfo {
  const [path = ''] = Buffer.from(data.subarray(rsdsHeader, rsdsHeader + 1024))
    .toString('utf8')
    .split('\0');
  return {
    guid: guid(data.subarray(4, 20)),
    age: u32(data, 20, 'debug age'),
    pdb: path.split(/[\\/]/).at(-1) ?? path,
    path,
  };
}

/** The text form of a GUID structure: three little-endian numbers, then eight bytes. */
function guid(bytes: Uint8Array): string {
  const digits = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((at) =>
    hex(bytes.subarray(at, at + 1)),
  );
  return digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
