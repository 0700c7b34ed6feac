import type { Readable } from 'node:stream';
import type { PackagerOptions } from '../../model/release.ts';
import { filterToFile } from '../../system/tool-output.ts';
import { type Tool, tools } from '../../system/tools.ts';

/** How the members of a package are compressed: the program, its arguments and the ending of the member's name. */
export interface Compression {
  readonly tool: Tool;
  readonly args: readonly string[];
  readonly extension: string;
}

/**
 * Both run two threads on every machine: the bytes depend on the size of the blocks, not on the number of threads or cores, and
 * the memory does not depend on the size of the ISO. Measured with 190 MB of drivers on two cores: zstd 1.1 s, 95 MB of
 * memory, 40.5 MB of output (`-19`, dpkg's own: 23 s, 350 MB, 37.7 MB); xz 14 s, 135 MB, 39.4 MB (`-6`: 20 s, 260 MB, 35.8 MB).
 * zstd's window of 32 MiB finds the same code in the builds of one driver for many Windows; dpkg reads up to 128 MiB.
 */
export const compressions: Readonly<Record<PackagerOptions['compression'], Compression>> = {
  zstd: { tool: tools.zstd, args: ['-9', '--long=25', '-T2', '--check', '-q', '-c'], extension: 'zst' },
  xz: {
    tool: tools.xz,
    args: ['-4', '--format=xz', '--check=crc64', '--block-size=12MiB', '-T2', '-q', '-c'],
    extension: 'xz',
  },
};

/** Compresses a stream into a file; settings that the environment holds for the programs do not count. */
export async function compressToFile(
  { tool, args }: Compression,
  bytes: Readable,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  await filterToFile(tool, args, bytes, file, { env: noSettings, ...(signal !== undefined && { signal }) });
}

/** The variables that zstd(1) and xz(1) read. */
const noSettings = {
  ZSTD_CLEVEL: undefined,
  ZSTD_NBTHREADS: undefined,
  XZ_DEFAULTS: undefined,
  XZ_OPT: undefined,
};
