import type { Readable } from 'node:stream';
import type { PackagerOptions } from '../../model/release.ts';
import { filterToFile } from '../../system/tool-output.ts';
import { type Tool, tools } from '../../system/tools.ts';

export interface Compression {
  readonly tool: Tool;
  readonly args: readonly string[];
  readonly extension: string;
}

/**
 * Both use two threads on every machine, since the output depends on the block size but not on the number of threads, and memory
 * use does not depend on the size of the ISO. Measured with 190 MB of drivers on two cores: zstd 1.1 s, 95 MB of
 * memory, 40.5 MB of output (`-19`, the level of dpkg: 23 s, 350 MB, 37.7 MB); xz 14 s, 135 MB, 39.4 MB (`-6`: 20 s, 260 MB, 35.8 MB).
 * A zstd window of 32 MiB finds the code that a driver's builds for several Windows versions share; dpkg accepts up to 128 MiB.
 */
export const compressions: Readonly<Record<PackagerOptions['compression'], Compression>> = {
  zstd: { tool: tools.zstd, args: ['-9', '--long=25', '-T2', '--check', '-q', '-c'], extension: 'zst' },
  xz: {
    tool: tools.xz,
    args: ['-4', '--format=xz', '--check=crc64', '--block-size=12MiB', '-T2', '-q', '-c'],
    extension: 'xz',
  },
};

/** Compresses a stream into a file, ignoring settings of the programs in the environment. */
export async function compressToFile(
  { tool, args }: Compression,
  bytes: Readable,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  await filterToFile(tool, args, bytes, file, { env: noSettings, ...(signal !== undefined && { signal }) });
}

/** Environment variables of zstd(1) and xz(1). */
const noSettings = {
  ZSTD_CLEVEL: undefined,
  ZSTD_NBTHREADS: undefined,
  XZ_DEFAULTS: undefined,
  XZ_OPT: undefined,
};
