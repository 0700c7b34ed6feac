import type { Extent } from '../../core/content.ts';
import { damage, quoted, type Subject } from '../../core/refusal.ts';
import type { IsoRecord, IsoTree } from './folders.ts';
import { type Run, sectorBytes } from './volume.ts';

/** A file of an ISO: its path without a leading slash, its size in bytes, and its runs in order. */
export interface IsoEntry {
  readonly path: string;
  readonly size: number;
  readonly extents: readonly Extent[];
}

/** Returns the non-empty runs of a file; empty runs may have any position. */
export function extentsOf(runs: readonly Run[]): Extent[] {
  return runs
    .filter(({ bytes }) => bytes > 0)
    .map(({ sector, bytes }) => ({ offset: sector * sectorBytes, length: bytes }));
}

/** Throws when files or folders overlap, except for files with identical runs. */
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
