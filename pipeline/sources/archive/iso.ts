import { open } from 'node:fs/promises';
import { damage } from '../../core/damage.ts';
import { quoted, refusal } from '../../core/refusal.ts';
import type { Reporter } from '../../core/reporter.ts';
import { type BesideIso, besideTrees, besideWords } from '../../formats/iso9660/beside.ts';
import { type IsoEntry, readExtents, requireSoundExtents } from '../../formats/iso9660/extents.ts';
import { walkFolders } from '../../formats/iso9660/folders.ts';
import { requireListed } from '../../formats/iso9660/listed.ts';
import type { IsoView } from '../../formats/iso9660/names.ts';
import { requirePathTables } from '../../formats/iso9660/path-table.ts';
import { type KindOfTree, requireSameTrees } from '../../formats/iso9660/trees.ts';
import { type IsoVolume, readVolumes } from '../../formats/iso9660/volume.ts';
import { listIso } from '../../system/xorriso-list.ts';
import type { Extraction } from './extraction.ts';

/** Unpacks an ISO 9660 image without mounting it: xorriso lists it, the bytes are read from the file itself. */
export async function unpackIso(file: string, extraction: Extraction, reporter: Reporter): Promise<void> {
  const { subject, signal } = extraction;
  const { fileBytes, beside, root } = await requireSoundIso(file, extraction);
  for (const words of besideWords(beside)) reporter.note(`${subject.name}: ${words}`);
  const { files, specials, warnings } = await listIso(file, 'best', subject, signal);
  requireListed(files, root, subject);
  for (const warning of warnings) reporter.note(`${subject.name}: ${warning}`);
  for (const path of specials)
    extraction.addSpecial(path, 'is no plain file (a link, device or boot catalog)');
  const wanted: { entry: IsoEntry; target: string }[] = [];
  for (const entry of files) {
    const target = extraction.addFile(entry.path);
    if (target === undefined) continue;
    requireExtents(entry, fileBytes, extraction);
    extraction.budget.countBytes(entry.size);
    wanted.push({ entry, target });
  }
  for (const { entry, target } of wanted) {
    const chunks = unlessCompressed(readExtents(file, entry.extents, signal), entry, extraction);
    await extraction.write(target, chunks, 'counted');
  }
}

/** What a sound ISO is made of. */
export interface SoundIso {
  readonly fileBytes: number;
  readonly beside: BesideIso;
  /** The root of the tree that xorriso reads. */
  readonly root: IsoView;
}

/**
 * Reads the directories of all trees of an ISO and throws unless they, their path tables and the places of all files are sound,
 * their names safe, and each name of one tree leads to the same bytes as in the others.
 */
export async function requireSoundIso(
  file: string,
  { subject, limits, signal }: Pick<Extraction, 'subject' | 'limits' | 'signal'>,
): Promise<SoundIso> {
  const handle = await open(file);
  try {
    const { size: fileBytes } = await handle.stat();
    const iso = { handle, fileBytes, subject, limits, signal };
    const found = await readVolumes(handle, fileBytes, subject);
    const trees: KindOfTree[] = [];
    for (const volume of ownTrees(found.volumes)) {
      const tree = await walkFolders(iso, volume.root);
      for (const same of found.volumes.filter((one) => isSameTree(one, volume)))
        await requirePathTables(iso, same, tree.folders);
      trees.push({ kind: volume.kind, tree });
    }
    requireSoundExtents(
      trees.map(({ tree }) => tree),
      subject,
    );
    const root = requireSameTrees(trees, subject, limits);
    return { fileBytes, beside: await besideTrees(file, iso, found), root };
  } finally {
    await handle.close();
  }
}

/** genisoimage lets the descriptors of ISO 9660 and ISO 9660:1999 lead to one tree. */
function ownTrees(volumes: readonly IsoVolume[]): IsoVolume[] {
  return volumes.filter((one, index) => volumes.findIndex((other) => isSameTree(one, other)) === index);
}

function isSameTree(one: IsoVolume, other: IsoVolume): boolean {
  const isSameRoot = one.root.sector === other.root.sector && one.root.bytes === other.root.bytes;
  return isSameRoot && (one.kind === 'joliet') === (other.kind === 'joliet');
}

function requireExtents({ path, size, extents }: IsoEntry, fileBytes: number, { subject }: Extraction): void {
  if (extents.some(({ offset, length }) => length > 0 && offset + length > fileBytes)) {
    throw damage(subject, `entry ${quoted(path)} lies beyond the end of the file (${fileBytes} bytes)`);
  }
  const left = size - extents.reduce((sum, { length }) => sum + length, 0);
  if (left > 0) throw damage(subject, `entry ${quoted(path)} has ${left} bytes less than its size says`);
}

/** The zisofs extension stores files compressed, with this at their start; read from outside they would be wrong. */
async function* unlessCompressed(chunks: AsyncIterable<Buffer>, { path }: IsoEntry, { subject }: Extraction) {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && chunk.subarray(0, 8).toString('hex') === '37e45396c9dbd607') {
      throw refusal(subject, `entry ${quoted(path)}: is compressed with zisofs, which pvdisc does not read`);
    }
    isFirst = false;
    yield chunk;
  }
}
