import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { type Budget, counted, type Limits, overLimit } from '../../core/limits.ts';
import { asDamage, damage, quoted, type Subject } from '../../core/refusal.ts';
import { withoutDotStart } from '../../core/safe-path.ts';
import { framed } from './framing.ts';

export type TarKind =
  | 'file'
  | 'folder'
  | 'hard link'
  | 'symbolic link'
  | 'device'
  | 'fifo'
  | 'sparse file'
  | 'unknown';

/** The header of an entry. */
export interface TarEntry {
  /** Without `./` at its start and `/` at its end; empty for the root. */
  readonly path: string;
  readonly kind: TarKind;
  readonly isRoot: boolean;
  /** Bytes of a file. */
  readonly size: number;
  /** Permissions and the bits above them. */
  readonly mode: number;
  /** `0:0 root:root`: dpkg uses the names where present. */
  readonly owner: string;
  /** Of a link: another entry's path for a hard link, as written for a symbolic one. */
  readonly target?: string;
}

/** Limits for reading a tar; `asDpkg` rejects entries that dpkg could read differently. */
export interface TarReading {
  readonly subject: Subject;
  readonly limits: Limits;
  readonly budget: Budget;
  readonly signal: AbortSignal;
  readonly asDpkg?: boolean;
}

/**
 * Passes each entry of a tar (POSIX pax and GNU formats) to `onEntry` with its bytes, which it may leave unread; throws when the tar
 * does not end with two zero blocks.
 */
export async function readTar(
  bytes: Readable,
  reading: TarReading,
  onEntry: (entry: TarEntry, chunks: AsyncIterable<Buffer>) => Promise<void> | void,
): Promise<void> {
  const reader = extract();
  const feeding = pipeline(bytes, watchEnd(reading), reader, { signal: reading.signal }).then(
    () => undefined,
    (error: unknown) => error,
  );
  try {
    for await (const read of reader) {
      const entry = factsOf(read);
      requireSize(read, entry, reading);
      const content = { isRead: false };
      await onEntry(entry, chunksOf(read, content));
      if (!content.isRead) read.resume();
    }
    const failure = await feeding;
    if (failure !== undefined) throw failure;
  } catch (error) {
    throw asDamage(error, reading.subject);
  } finally {
    bytes.destroy();
    await feeding;
  }
}

interface ReadEntry extends AsyncIterable<unknown> {
  readonly header: Header;
  readonly resume: () => unknown;
}

const endBytes = 1024;

function watchEnd({ budget, subject, asDpkg = false }: TarReading) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    let tail = Buffer.alloc(0);
    for await (const chunk of framed(counted(chunks, budget), { subject, asDpkg })) {
      tail = Buffer.concat([tail, chunk.subarray(-endBytes)]).subarray(-endBytes);
      yield chunk;
    }
    if (!tail.equals(Buffer.alloc(endBytes)))
      throw damage(subject, 'the tar has no end mark (two blocks of zeros)');
  };
}

function factsOf({ header }: ReadEntry): TarEntry {
  const { name, size = 0, mode = 0, uid, gid, uname, gname, linkname } = header;
  const kind = kindOf(header);
  const path = entryPath(name);
  const isRoot = kind === 'folder' && (path === '' || path === '.') && !name.startsWith('/');
  const target = kind === 'hard link' ? entryPath(linkname ?? '') : (linkname ?? undefined);
  return {
    path: isRoot ? '' : path,
    kind,
    isRoot,
    size,
    mode,
    owner: `${uid}:${gid} ${uname}:${gname}`,
    ...(target !== undefined && { target }),
  };
}

function kindOf(header: Header): TarKind {
  const { type } = header;
  if (type !== 'file' && type !== 'contiguous-file') return kinds[type ?? ''] ?? 'unknown';
  // GNU tar stores the holes of a sparse file in pax keys; its bytes then are not the file's content.
  const { pax } = header as { pax?: Readonly<Record<string, string>> | null };
  return Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.')) ? 'sparse file' : 'file';
}

const kinds: Readonly<Record<string, TarKind>> = {
  directory: 'folder',
  link: 'hard link',
  symlink: 'symbolic link',
  'character-device': 'device',
  'block-device': 'device',
  fifo: 'fifo',
};

/** Some programs skip bytes after the header of a link, folder or device; others (dpkg, GNU tar) read them as entries. */
function requireSize({ header }: ReadEntry, { path, kind, size }: TarEntry, reading: TarReading): void {
  const { subject, limits } = reading;
  const { name, type } = header;
  if (type === 'file' && path !== '' && name.endsWith('/'))
    throw damage(subject, `entry ${quoted(path)} is a file for some programs and a folder for others`);
  if (size !== 0 && withoutBytes.has(kind))
    throw damage(subject, `entry ${quoted(path)} is a ${kind} with ${size} bytes`);
  if (size > limits.size) throw overLimit(subject, 'size', `unpacks to more than ${limits.size} bytes`);
}

const withoutBytes: ReadonlySet<TarKind> = new Set([
  'hard link',
  'symbolic link',
  'device',
  'folder',
  'fifo',
]);

function entryPath(name: string): string {
  return withoutDotStart(name).replace(/\/+$/, '');
}

/** Node's pipelines do not detect the end of a broken streamx stream; iterating over it does. */
async function* chunksOf(entry: ReadEntry, content: { isRead: boolean }): AsyncGenerator<Buffer> {
  content.isRead = true;
  for await (const chunk of entry) yield chunk as Buffer;
}
