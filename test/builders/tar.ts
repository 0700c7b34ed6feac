import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { execa } from 'execa';
import { type Header, pack } from 'tar-stream';
import type { Tree } from './tree.ts';

export type TarHeader = Partial<Header> & Pick<Header, 'name'>;

/** Builds a tar of a tree and of special entries. */
export async function buildTar(tree: Tree, more: readonly TarHeader[] = []): Promise<Buffer> {
  const tar = pack();
  const bytes = buffer(tar as AsyncIterable<Uint8Array>);
  for (const [name, content] of Object.entries(tree)) tar.entry({ name }, Buffer.from(content));
  for (const header of more) tar.entry(header, '');
  tar.finalize();
  return bytes;
}

export type Compression = 'none' | 'gz' | 'xz' | 'zst';

/** Compresses a tar according to its extension. */
export async function compress(tar: Buffer, compression: Compression): Promise<Buffer> {
  if (compression === 'none') return tar;
  if (compression === 'gz') return promisify(gzip)(tar);
  const tool = compression === 'xz' ? 'xz' : 'zstd';
  const { stdout } = await execa(tool, ['-c'], { input: tar, encoding: 'buffer', stripFinalNewline: false });
  return Buffer.from(stdout);
}
