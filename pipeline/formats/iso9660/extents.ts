import { createReadStream } from 'node:fs';
import { damage } from '../../core/damage.ts';
import { quoted, type Subject } from '../../core/refusal.ts';
import type { IsoRecord, IsoTree } from './folders.ts';
import { type Run, sectorBytes } from './volume.ts';

/** A contiguous run of bytes in an ISO file. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** Yields the bytes of a file's extents in order, as far as the ISO has them. */
export async function* readExtents(
  iso: string,
  extents: readonly Extent[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (const { offset, length } of extents) {
    if (length === 0) continue;
    const end = offset + length - 1;
    yield* createReadStream(iso, { start: offset, end, highWaterMark: 2 ** 20, signal });
  }
}

/** A file of an ISO: its path without the leading slash, its size in bytes, and the bytes that make it, in order. */
export interface IsoEntry {
  readonly path: string;
  readonly size: number;
  /** Together shorter than `size` only in a damaged ISO. */
  readonly extents: readonly Extent[];
}

/** Throws when files or folders share sectors, unless they are files of the very same bytes. */
export function requireSoundExtents(trees: readonly IsoTree[], subject: Subject): void {
  const used = trees.flatMap(({ folders, files }) => [
    ...folders.map(({ run }) => ({ run, name: 'a folder' })),
    ...files.filter(hasBytes).map(({ run, name }) => ({ run, name: quoted(name.toString('latin1')) })),
  ]);
  used.sort((a, b) => a.run.sector - b.run.sector || a.run.bytes - b.run.bytes);
  let last = { run: { sector: 0, bytes: 17 * sectorBytes }, name: 'the volume descriptors' };
  for (const next of used) {
    const isSame =
      runKey(next.run) === runKey(last.run) && next.name !== 'a folder' && last.name !== 'a folder';
    if (!isSame && next.run.sector < endOf(last.run))
      throw damage(subject, `the sectors of ${next.name} overlap those of ${last.name}`);
    last = next;
  }
}

function hasBytes({ run }: IsoRecord): boolean {
  return run.bytes > 0;
}

function endOf({ sector, bytes }: Run): number {
  return sector + Math.ceil(bytes / sectorBytes);
}

function runKey({ sector, bytes }: Run): string {
  return `${sector}+${bytes}`;
}
