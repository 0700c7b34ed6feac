import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { damage, keepError, type Subject } from '../../core/refusal.ts';
import type { Format } from '../../formats/magic.ts';
import { openFile } from '../../system/files.ts';
import { readToolOutput } from '../../system/tool-output.ts';
import { type Tool, tools } from '../../system/tools.ts';

/** The file to decompress, and the abort signal. */
export interface Compressed {
  readonly file: string;
  readonly format: Exclude<Format, 'zip' | 'iso'>;
  readonly subject: Subject;
  readonly signal: AbortSignal;
}

/** Passes the tar stream of an archive to `read`; leaves no process and no open file behind, also on errors. */
export async function withTarStream(
  compressed: Compressed,
  read: (bytes: Readable) => Promise<void>,
): Promise<void> {
  switch (compressed.format) {
    case 'tar':
      return read(keepError((await openFile(compressed.file)).createReadStream()));
    case 'tar.gz':
      return read(
        keepError(pipeline((await openFile(compressed.file)).createReadStream(), createGunzip(), () => {})),
      );
    case 'tar.xz':
      return readWith(tools.xz, ['-dc', '--format=xz', '--memlimit=512MiB'], compressed, read);
    case 'tar.zst':
      return readWith(tools.zstd, ['-dc', '--quiet', '--memory=512MB'], compressed, read);
  }
}

function readWith(
  tool: Tool,
  args: readonly string[],
  { file, signal, subject }: Compressed,
  read: (bytes: Readable) => Promise<void>,
): Promise<void> {
  const failure = (message: string) => damage(subject, message);
  return readToolOutput(tool, args, { stdinFile: file, signal, failure, sandbox: { readable: [] } }, read);
}
