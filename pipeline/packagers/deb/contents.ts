import { posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { byCodeUnit } from '../../host/files.ts';
import type { Manifest } from '../../manifest/read.ts';
import type { IsoImage } from '../../types.ts';
import type { DebMetadata } from './metadata.ts';

/** One entry of a tar, owned by root; `path` is relative to the root, without `./`, and empty for the root itself. */
export type TarEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | TarFile;

/** A file of a tar, from disk or from memory; `mode` is its permissions, `size` its bytes. */
export interface TarFile {
  readonly kind: 'file';
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  readonly content: { readonly file: string } | { readonly bytes: Buffer };
}

/** Returns what the package installs: the disc under its own name and under the one that every tool looks at, and its documentation. */
export function packageContents(
  { release }: Pick<Manifest, 'release'>,
  metadata: Pick<DebMetadata, 'changelog' | 'copyright' | 'overrides'>,
  iso: IsoImage,
  readme: string,
): TarEntry[] {
  const { name } = release.package;
  const doc = `usr/share/doc/${name}`;
  const { file, size } = iso.content;
  const { overrides } = metadata;
  return withFolders([
    { kind: 'file', path: `usr/share/virtio-win/${iso.name}`, mode: 0o444, size, content: { file } },
    { kind: 'link', path: 'usr/share/virtio-win/virtio-win.iso', target: iso.name },
    textFile(`${doc}/README.txt`, readme.replaceAll('\r\n', '\n')),
    textFile(`${doc}/changelog.Debian.gz`, gzip(metadata.changelog)),
    textFile(`${doc}/copyright`, metadata.copyright),
    ...(overrides === undefined ? [] : [textFile(`usr/share/lintian/overrides/${name}`, overrides)]),
  ]);
}

/** Returns a file with the given text and the mode of a document. */
export function textFile(path: string, text: string | Buffer): TarFile {
  const bytes = Buffer.from(text);
  return { kind: 'file', path, mode: 0o644, size: bytes.length, content: { bytes } };
}

/** Returns the entries with all folders that they lie in, sorted by path, so that a folder stands before its contents. */
export function withFolders(entries: readonly TarEntry[]): TarEntry[] {
  const folders = new Set<string>(['']);
  for (const { path } of entries) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder))
      folders.add(folder);
  }
  const all = [...entries, ...[...folders].map((path) => ({ kind: 'folder' as const, path }))];
  return all.sort((a, b) => byCodeUnit(a.path, b.path));
}

/** Returns Installed-Size in KiB as dpkg-gencontrol counts: a file's bytes rounded up, everything else 1. */
export function installedSize(entries: readonly TarEntry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? Math.ceil(entry.size / 1024) : 1), 0);
}

/** What `gzip -9n` writes (RFC 1952): no name, no time; the operating system is noted as Unix on every machine. */
function gzip(text: string): Buffer {
  const bytes = gzipSync(text, { level: 9 });
  const operatingSystemByte = 9;
  bytes[operatingSystemByte] = 3;
  return bytes;
}
