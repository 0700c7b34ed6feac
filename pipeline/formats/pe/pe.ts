import { type CertificateTable, readCertificateTable } from './certificates.ts';
import { type DebugInfo, readDebugInfo } from './debug.ts';
import { type PeHeaders, readPeHeaders } from './headers.ts';

/** What a PE file says of itself; `machine` and `subsystem` are the numbers of the PE format. */
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

/** Reads a PE32 or PE32+ file (Microsoft, "PE Format"); FormatError when it is none or is cut off. */
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
