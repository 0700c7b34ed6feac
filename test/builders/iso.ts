import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Tree, writeTree } from './tree.ts';

/** Builds an ISO of a tree; `options` go to mkisofs, `prepare` adds links and devices to the folder first. */
export async function buildIso(
  tree: Tree,
  options: readonly string[] = ['-r', '-iso-level', '4'],
  prepare: (folder: string) => Promise<unknown> = async () => {},
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-iso-'));
  try {
    const content = join(folder, 'content');
    await writeTree(content, tree);
    await prepare(content);
    const file = join(folder, 'x.iso');
    const args = ['-no_rc', '-as', 'mkisofs', '-quiet', ...options, '-o', file, content];
    await execa('xorriso', args, { env: { LC_ALL: 'C.UTF-8' } });
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the offset of the directory record of a plain ISO 9660 name (the name is its byte 33, ECMA-119 section 9.1). */
export function recordOf(iso: Buffer, name: string): number {
  const at = iso.indexOf(Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1')]));
  if (at === -1) throw new Error(`no record ${name}`);
  return at - 32;
}

/** Writes a number in both byte orders at `offset` of a directory record. */
export function writeBothEndian(iso: Buffer, offset: number, value: number): void {
  iso.writeUInt32LE(value, offset);
  iso.writeUInt32BE(value, offset + 4);
}
