import { buffer } from 'node:stream/consumers';
import { ZipArchive } from 'archiver';
import type { Tree } from './tree.ts';

/** What a zip holds besides files. */
export interface ZipOptions {
  readonly symlinks?: Readonly<Record<string, string>>;
  /** Stored instead of deflated. */
  readonly store?: boolean;
}

/** Builds a zip of a tree. */
export async function buildZip(
  tree: Tree,
  { symlinks = {}, store = false }: ZipOptions = {},
): Promise<Buffer> {
  const archive = new ZipArchive({ store, zlib: { level: 9 } });
  const bytes = buffer(archive);
  for (const [name, content] of Object.entries(tree)) archive.append(Buffer.from(content), { name });
  for (const [name, target] of Object.entries(symlinks)) archive.symlink(name, target);
  await archive.finalize();
  return bytes;
}

/** Returns the bytes with every `from` replaced by a `to` of the same length: names that a builder would not write. */
export function withBytes(bytes: Buffer, from: string | Buffer, to: string | Buffer): Buffer {
  const old = Buffer.from(from);
  const replacement = Buffer.from(to);
  if (old.length !== replacement.length) throw new Error(`lengths differ: ${from}, ${to}`);
  const changed = Buffer.from(bytes);
  let count = 0;
  for (let at = changed.indexOf(old); at !== -1; at = changed.indexOf(old, at + 1), count += 1) {
    replacement.copy(changed, at);
  }
  if (count === 0) throw new Error(`no ${from} in the bytes`);
  return changed;
}
