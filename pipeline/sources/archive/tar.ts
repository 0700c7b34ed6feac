import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { counted, overLimit } from '../../core/limits.ts';
import { asDamage, damage, quoted } from '../../core/refusal.ts';
import type { Extraction } from './extraction.ts';
import { framed } from './tar-framing.ts';

/** What becomes of the entries of a tar; `onHeader` hears of each one's owner and mode before anything else does. */
export interface TarExtraction extends Extraction {
  readonly onHeader?: (path: string, header: Header) => void;
  /** The tar is of a Debian package: what dpkg could read otherwise is damage. */
  readonly asDpkg?: boolean;
}

/** Unpacks a tar stream (POSIX pax and GNU formats); throws when it does not end with the two zero blocks of a whole tar. */
export async function unpackTar(bytes: Readable, extraction: TarExtraction): Promise<void> {
  const reader = extract();
  const feeding = pipeline(bytes, watchEnd(extraction), reader, { signal: extraction.signal }).then(
    () => undefined,
    (error: unknown) => error,
  );
  try {
    for await (const entry of reader) await unpackEntry(entry, extraction);
    const failure = await feeding;
    if (failure !== undefined) throw failure;
  } catch (error) {
    throw asDamage(error, extraction.subject);
  } finally {
    bytes.destroy();
    await feeding;
  }
}

interface Entry extends AsyncIterable<unknown> {
  readonly header: Header;
  readonly resume: () => unknown;
}

const endBytes = 1024;

function watchEnd({ budget, subject, asDpkg = false }: TarExtraction) {
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

async function unpackEntry(entry: Entry, extraction: TarExtraction): Promise<void> {
  const { name, type, linkname } = entry.header;
  const path = entryPath(name);
  requireSize(entry, path, extraction);
  extraction.onHeader?.(path, entry.header);
  const isRoot = type === 'directory' && (path === '' || path === '.') && !name.startsWith('/');
  if (type === 'directory') {
    if (!isRoot) extraction.addFolder(path);
  } else if ((type === 'file' || type === 'contiguous-file') && !isSparse(entry)) {
    const target = extraction.addFile(path);
    if (target !== undefined) return extraction.write(target, chunksOf(entry), 'counted');
  } else {
    const what = specialKinds[type ?? ''] ?? 'is of a kind that cannot be unpacked';
    extraction.addSpecial(
      path,
      what,
      what === hardLink ? entryPath(linkname ?? '') : (linkname ?? undefined),
    );
  }
  entry.resume();
}

/** Bytes after the header of a link, folder or device are skipped by some programs, and are entries to others (dpkg, GNU tar). */
function requireSize({ header }: Entry, path: string, { subject, limits }: Extraction): void {
  const { name, size = 0, type } = header;
  if (type === 'file' && path !== '' && name.endsWith('/'))
    throw damage(subject, `entry ${quoted(path)} is a file to some programs and a folder to others`);
  if (size !== 0 && withoutBytes.has(type ?? ''))
    throw damage(
      subject,
      `entry ${quoted(path)} ${specialKinds[type ?? ''] ?? 'is a folder'} with ${size} bytes`,
    );
  if (size > limits.size) throw overLimit(subject, 'size', `unpacks to more than ${limits.size} bytes`);
}

function entryPath(name: string): string {
  return name.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
}

/** Node's pipelines do not see the end of a broken streamx stream; iterating over it does. */
async function* chunksOf(entry: Entry): AsyncGenerator<Buffer> {
  for await (const chunk of entry) yield chunk as Buffer;
}

/** What `addSpecial` is told of a hard link, whose target is the path of another entry. */
export const hardLink = 'is a hard link';

const specialKinds: Readonly<Record<string, string>> = {
  link: hardLink,
  symlink: 'is a symbolic link',
  'character-device': 'is a device',
  'block-device': 'is a device',
  fifo: 'is a fifo',
  file: 'is a sparse file',
};

const withoutBytes: ReadonlySet<string> = new Set([
  'link',
  'symlink',
  'character-device',
  'block-device',
  'directory',
  'fifo',
]);

/** GNU tar stores the holes of a sparse file in pax keys; its bytes are then not the file's. */
function isSparse({ header }: Entry): boolean {
  const { pax } = header as { pax?: Readonly<Record<string, string>> | null };
  return Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'));
}
