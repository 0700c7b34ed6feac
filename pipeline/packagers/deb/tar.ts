import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Header, type Pack, pack } from 'tar-stream';
import { PipelineError } from '../../errors.ts';
import type { TarEntry, TarFile } from './contents.ts';

/** A tar in the making: its bytes, and when they have all been read the md5 of each file (hex) by path. */
export interface TarStream {
  readonly bytes: Readable;
  readonly md5: ReadonlyMap<string, string>;
}

/** What a tar is written with: the one date of all its entries, and who hears how many bytes of files have passed. */
export interface TarOptions {
  readonly epoch: number;
  readonly signal?: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
}

/** Starts a tar (POSIX ustar, all entries owned by root) of the entries in their order; files on disk are streamed into it. */
export function tarStream(entries: readonly TarEntry[], options: TarOptions): TarStream {
  requireUstar(entries, options.epoch);
  const md5 = new Map<string, string>();
  const tar = pack();
  fill(tar, entries, options, md5).then(
    () => tar.finalize(),
    (error: Error) => tar.destroy(error),
  );
  return { bytes: Readable.from(tar), md5 };
}

const maxPathLength = 100;
const maxEpoch = 2 ** 31 - 1;

/** Refuses what tar-stream would put into a pax header, which dpkg does not read (deb(5)), or would cut off. */
function requireUstar(entries: readonly TarEntry[], epoch: number): void {
  if (epoch > maxEpoch) {
    throw new PipelineError('input', {
      place: 'SOURCE_DATE_EPOCH',
      message: `${epoch} is after 19 January 2038, the last date that the tar in a package can carry`,
      hint: 'give an earlier date',
    });
  }
  const long = entries.find((entry) => headerName(entry).length > maxPathLength);
  if (long === undefined) return;
  throw new PipelineError('input', {
    place: long.path,
    message: `has more than the ${maxPathLength} characters that a path in a package may have`,
    hint: 'give the release or its package a shorter name or version',
  });
}

async function fill(
  tar: Pack,
  entries: readonly TarEntry[],
  { epoch, signal, onBytes = () => {} }: TarOptions,
  md5: Map<string, string>,
): Promise<void> {
  const mtime = new Date(epoch * 1000);
  for (const entry of entries) {
    const header = { ...headerOf(entry), uid: 0, gid: 0, uname: 'root', gname: 'root', mtime };
    if (entry.kind !== 'file') {
      tar.entry(header);
      continue;
    }
    const hash = createHash('md5');
    const watch = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        onBytes(chunk.length);
        yield chunk;
      }
    };
    await pipeline(openContent(entry), watch, tar.entry(header), { signal });
    md5.set(entry.path, hash.digest('hex'));
  }
}

function openContent({ content }: TarFile): Readable {
  if ('bytes' in content) return Readable.from([content.bytes]);
  return createReadStream(content.file, { highWaterMark: 1024 * 1024 });
}

function headerOf(entry: TarEntry): Partial<Header> & Pick<Header, 'name'> {
  const name = headerName(entry);
  if (entry.kind === 'folder') return { name, type: 'directory', mode: 0o755 };
  if (entry.kind === 'link') return { name, type: 'symlink', mode: 0o777, linkname: entry.target };
  return { name, type: 'file', mode: entry.mode, size: entry.size };
}

function headerName({ kind, path }: TarEntry): string {
  return kind === 'folder' && path !== '' ? `./${path}/` : `./${path}`;
}
