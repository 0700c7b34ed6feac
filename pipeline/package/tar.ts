import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Header, type Pack, pack } from 'tar-stream';
import { PipelineError } from '../core/errors.ts';
import { longLinkRecord, maxLinkLength, splitName } from '../formats/tar/names.ts';
import { changedSize, changedSource } from '../system/source-file.ts';
import { streamStored } from '../system/stored-bytes.ts';
import type { PackedEntry, TarFile } from './contents.ts';

/** A tar stream; `md5` maps paths to digests (hex) and is complete at the end of the stream. */
export interface TarStream {
  readonly bytes: Readable;
  readonly md5: ReadonlyMap<string, string>;
}

/** `epoch` is the date of all entries, `owner` the user and group of all, root when absent. */
export interface TarOptions {
  readonly epoch: number;
  readonly owner?: { readonly id: number; readonly name: string };
  readonly signal?: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Streams a tar archive (POSIX ustar) of the entries in their order; fails if a file on disk has
 * changed since it was hashed.
 */
export function tarStream(entries: readonly PackedEntry[], options: TarOptions): TarStream {
  requireUstar(entries, options.epoch);
  const md5 = new Map<string, string>();
  const tar = pack();
  fill(tar, entries, options, md5).then(
    () => tar.finalize(),
    (error: Error) => tar.destroy(error),
  );
  return { bytes: Readable.from(tar), md5 };
}

const root = { id: 0, name: 'root' };

const maxEpoch = 2 ** 31 - 1;

/** Refuses values that tar-stream would truncate or write to a pax header, which dpkg does not read (deb(5)). */
function requireUstar(entries: readonly PackedEntry[], epoch: number): void {
  if (epoch > maxEpoch) {
    throw new PipelineError('input', {
      place: 'SOURCE_DATE_EPOCH',
      message: `${epoch} is after 19 January 2038, the last date that a package can store`,
      hint: 'use an earlier date',
    });
  }
  const long = entries.find((entry) => splitName(headerName(entry)) === undefined);
  if (long === undefined) return;
  throw new PipelineError('input', {
    place: long.path,
    message: 'is too long for a package (100 characters for the name and 155 for its folders)',
    hint: 'use a shorter name or version for the release or its package',
  });
}

async function fill(
  tar: Pack,
  entries: readonly PackedEntry[],
  { epoch, owner = root, signal, onBytes = () => {} }: TarOptions,
  md5: Map<string, string>,
): Promise<void> {
  const mtime = new Date(epoch * 1000);
  const { id, name } = owner;
  for (const entry of entries) {
    const header = { ...headerOf(entry), uid: id, gid: id, uname: name, gname: name, mtime };
    if (entry.kind !== 'file') {
      const linkname = header.linkname ?? '';
      if (linkname.length > maxLinkLength) tar.push(longLinkRecord(linkname));
      // For a longer one, tar-stream would add a pax header, which dpkg refuses.
      const short = { ...header, linkname: linkname.slice(0, maxLinkLength) };
      await new Promise<void>((resolve, reject) => {
        tar.entry(short, (error) => (error ? reject(error) : resolve()));
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
  if (digest === undefined) throw new Error(`a hard link comes before its target ${path}`);
  return digest;
}

/** Checks only the digest, since tar-stream checks the size. */
function requireSameBytes({ path, size, content }: TarFile, found: number, sha256: string): void {
  if ('bytes' in content) return;
  const source = 'make' in content ? path : content.file;
  if (found !== size) throw changedSize(source, found, size);
  if (content.sha256 === sha256) return;
  const fact = `has sha256 ${sha256}, expected ${content.sha256}`;
  throw changedSource(source, `${fact}, for /${path} in the package`);
}

async function openContent({ content }: TarFile): Promise<Readable> {
  if ('bytes' in content) return Readable.from([content.bytes]);
  if ('make' in content) return content.make();
  return streamStored(content);
}

function headerOf(entry: PackedEntry): Partial<Header> & Pick<Header, 'name'> {
  const name = headerName(entry);
  if (entry.kind === 'folder') return { name, type: 'directory', mode: 0o755 };
  if (entry.kind === 'hard-link') return { name, type: 'link', mode: 0o644, linkname: `./${entry.target}` };
  if (entry.kind === 'link') return { name, type: 'symlink', mode: 0o777, linkname: entry.target };
  return { name, type: 'file', mode: entry.mode, size: entry.size };
}

function headerName({ kind, path }: PackedEntry): string {
  return kind === 'folder' && path !== '' ? `./${path}/` : `./${path}`;
}
