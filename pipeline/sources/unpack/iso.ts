import { open } from 'node:fs/promises';
import { readExtents } from '../../iso/extents.ts';
import { type IsoEntry, listIso } from '../../iso/list.ts';
import type { Reporter } from '../../report/reporter.ts';
import { quoted, refusal } from '../refusal.ts';
import { damage } from './damage.ts';
import type { Extraction } from './extraction.ts';
import { type IsoTree, walkFolders } from './iso-folders.ts';
import { requireSoundExtents } from './iso-overlap.ts';
import { requirePathTables } from './iso-path-table.ts';
import { readVolumes } from './iso-volume.ts';

/** Unpacks an ISO 9660 image without mounting it: xorriso lists it, the bytes are read from the file itself. */
export async function unpackIso(file: string, extraction: Extraction, reporter: Reporter): Promise<void> {
  const { subject, signal } = extraction;
  const fileBytes = await requireSoundIso(file, extraction);
  const { files, specials, warnings } = await listIso(file, 'best', subject, signal);
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

/** Reads the directories of all trees of an ISO, throws unless they, their path tables and the places of all files are sound, and returns its size in bytes. */
export async function requireSoundIso(
  file: string,
  { subject, limits, signal }: Pick<Extraction, 'subject' | 'limits' | 'signal'>,
): Promise<number> {
  const handle = await open(file);
  try {
    const { size: fileBytes } = await handle.stat();
    const iso = { handle, fileBytes, subject, limits, signal };
    const trees: IsoTree[] = [];
    for (const volume of await readVolumes(handle, fileBytes, subject)) {
      const tree = await walkFolders(iso, volume.root);
      await requirePathTables(iso, volume, tree.folders);
      trees.push(tree);
    }
    requireSoundExtents(trees, subject);
    return fileBytes;
  } finally {
    await handle.close();
  }
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
