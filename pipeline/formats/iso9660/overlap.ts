import { damage, quoted, type Subject } from '../../core/refusal.ts';
import { sectorBytes } from './extents.ts';
import type { IsoTree } from './folders.ts';
import type { IsoRecord } from './record.ts';
import type { Run } from './volume.ts';

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
