import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Content } from '../core/content.ts';
import { byCodeUnit } from '../core/order.ts';

/** An entry of a tar archive, owned by root; `path` is relative to the root, without `./`, and empty for the root. */
export type PackedEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | HardLink
  | TarFile;

/** Another path of the file `target`, which must come earlier in the archive. */
export interface HardLink {
  readonly kind: 'hard-link';
  readonly path: string;
  readonly target: string;
}

/** A file, from disk or from memory; `size` is in bytes. */
export interface TarFile {
  readonly kind: 'file';
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  readonly content: Omit<Content, 'size'> | MadeBytes | { readonly bytes: Buffer };
}

/** Bytes that are made each time they are read. */
export interface MadeBytes {
  readonly sha256: string;
  readonly make: () => Readable;
}

export function textFile(path: string, text: string | Buffer, mode = 0o644): TarFile {
  const bytes = Buffer.from(text);
  return { kind: 'file', path, mode, size: bytes.length, content: { bytes } };
}

/**
 * Adds the parent folders of all entries and sorts by path, so that a folder comes before its contents. Hard links come last,
 * after their targets.
 */
export function withFolders(entries: readonly PackedEntry[]): PackedEntry[] {
  const folders = new Set<string>(['']);
  for (const { path } of entries) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder))
      folders.add(folder);
  }
  // An empty folder has its own entry.
  for (const { kind, path } of entries) if (kind === 'folder') folders.delete(path);
  const all = [...entries, ...[...folders].map((path) => ({ kind: 'folder' as const, path }))];
  const rank = ({ kind }: PackedEntry) => (kind === 'hard-link' ? 1 : 0);
  return all.sort((a, b) => rank(a) - rank(b) || byCodeUnit(a.path, b.path));
}

/** Returns Installed-Size in KiB as dpkg-gencontrol counts it: files rounded up, hard links 0, everything else 1. */
export function installedSize(entries: readonly PackedEntry[]): number {
  const size = (entry: PackedEntry) => {
    if (entry.kind === 'file') return Math.ceil(entry.size / 1024);
    return entry.kind === 'hard-link' ? 0 : 1;
  };
  return entries.reduce((sum, entry) => sum + size(entry), 0);
}

/** Compresses like `gzip -9n` (RFC 1952): without name and time, and with Unix as operating system on every machine. */
export function gzip(text: string | Buffer): Buffer {
  const bytes = gzipSync(text, { level: 9 });
  const operatingSystemByte = 9;
  bytes[operatingSystemByte] = 3;
  return bytes;
}
