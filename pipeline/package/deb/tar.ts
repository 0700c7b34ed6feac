import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Header, type Pack, pack } from 'tar-stream';
import { PipelineError } from '../../core/errors.ts';
import { longLinkRecord, maxLinkLength, splitName } from '../../formats/tar/names.ts';
import { changedSize, changedSource } from '../../system/source-file.ts';
import { streamStored } from '../../system/stored-bytes.ts';
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

/**
 * Starts a tar (POSIX ustar, all entries owned by root) of the entries in their order; files on disk are streamed into it, and end
 * it with an error when they are not what they were when they were hashed.
 */
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
  const long = entries.find((entry) => splitName(headerName(entry)) === undefined);
  if (long === undefined) return;
  throw new PipelineError('input', {
    place: long.path,
    message: 'is longer than a path in a package may be (a name of 100 characters in folders of 155)',
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
      if ((header.linkname ?? '').length > maxLinkLength) tar.push(longLinkRecord(header.linkname ?? ''));
      await new Promise<void>((resolve, reject) => {
        tar.entry(header, (error) => (error ? reject(error) : resolve()));
      });
      if (entry.kind === 'hard-link') md5.set(entry.path, required(md5, entry.target));
      continue;
    }
    const hash = createHash('md5');
    const sha256 = createHash('sha256');
    let size = 0;
    const watch = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size > entry.size) break;
        hash.update(chunk);
        sha256.update(chunk);
        onBytes(chunk.length);
        yield chunk;
      }
      requireSameBytes(entry, size, sha256.digest('hex'));
    };
    await pipeline(await openContent(entry), watch, tar.entry(header), { signal });
    md5.set(entry.path, hash.digest('hex'));
  }
}

function required(md5: ReadonlyMap<string, string>, path: string): string {
  const digest = md5.get(path);
  if (digest === undefined) throw new Error(`a hard link stands before its file ${path}`);
  return digest;
}

/** tar-stream takes no entry whose bytes are more or fewer than its header says. */
function requireSameBytes({ path, size, content }: TarFile, found: number, sha256: string): void {
  if ('bytes' in content) return;
  if (found !== size) throw changedSize(content.file, found, size);
  if (content.sha256 === sha256) return;
  const fact = `has sha256 ${sha256}, expected ${content.sha256}`;
  throw changedSource(content.file, `${fact}; it is to be /${path} in the package`);
}

async function openContent({ content }: TarFile): Promise<Readable> {
  if ('bytes' in content) return Readable.from([content.bytes]);
  return streamStored(content);
}

function headerOf(entry: TarEntry): Partial<Header> & Pick<Header, 'name'> {
  const name = headerName(entry);
  if (entry.kind === 'folder') return { name, type: 'directory', mode: 0o755 };
  if (entry.kind === 'hard-link') return { name, type: 'link', mode: 0o644, linkname: `./${entry.target}` };
  if (entry.kind === 'link') return { name, type: 'symlink', mode: 0o777, linkname: entry.target };
  return { name, type: 'file', mode: entry.mode, size: entry.size };
}

function headerName({ kind, path }: TarEntry): string {
  return kind === 'folder' && path !== '' ? `./${path}/` : `./${path}`;
}
