import { posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Content } from '../../core/content.ts';
import { byCodeUnit } from '../../core/order.ts';

/** One entry of a tar, owned by root; `path` is relative to the root, without `./`, and empty for the root itself. */
export type TarEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | HardLink
  | TarFile;

/** Another path of a file of the same tar, which stands before it; `target` is the file's path. */
export interface HardLink {
  readonly kind: 'hard-link';
  readonly path: string;
  readonly target: string;
}

/** A file of a tar, from disk or from memory; `mode` is its permissions, `size` its bytes. */
export interface TarFile {
  readonly kind: 'file';
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  readonly content: Omit<Content, 'size'> | { readonly bytes: Buffer };
}

/** Returns a file with the given text and the mode of a document, or another. */
export function textFile(path: string, text: string | Buffer, mode = 0o644): TarFile {
  const bytes = Buffer.from(text);
  return { kind: 'file', path, mode, size: bytes.length, content: { bytes } };
}

/**
 * Returns the entries with all folders that they lie in, sorted by path, so that a folder stands before its contents; hard links
 * come last, so that they stand after the files that they lead to.
 */
export function withFolders(entries: readonly TarEntry[]): TarEntry[] {
  const folders = new Set<string>(['']);
  for (const { path } of entries) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder))
      folders.add(folder);
  }
  // A folder is an entry of its own where nothing may lie in it.
  for (const { kind, path } of entries) if (kind === 'folder') folders.delete(path);
  const all = [...entries, ...[...folders].map((path) => ({ kind: 'folder' as const, path }))];
  const rank = ({ kind }: TarEntry) => (kind === 'hard-link' ? 1 : 0);
  return all.sort((a, b) => rank(a) - rank(b) || byCodeUnit(a.path, b.path));
}

/** Returns Installed-Size in KiB as dpkg-gencontrol counts: a file's bytes rounded up, a hard link nothing, everything else 1. */
export function installedSize(entries: readonly TarEntry[]): number {
  const size = (entry: TarEntry) => {
    if (entry.kind === 'file') return Math.ceil(entry.size / 1024);
    return entry.kind === 'hard-link' ? 0 : 1;
  };
  return entries.reduce((sum, entry) => sum + size(entry), 0);
}

/** Returns what `gzip -9n` writes (RFC 1952): no name, no time; the operating system is noted as Unix on every machine. */
export function gzip(text: string | Buffer): Buffer {
  const bytes = gzipSync(text, { level: 9 });
  const operatingSystemByte = 9;
  bytes[operatingSystemByte] = 3;
  return bytes;
}
