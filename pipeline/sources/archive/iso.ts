import { realpath } from 'node:fs/promises';
import { quoted, refusal } from '../../core/refusal.ts';
import { type BesideIso, type IsoEntry, readIso } from '../../formats/iso9660/index.ts';
import { withShared } from '../../system/stored-bytes.ts';
import type { Extraction } from './extraction.ts';

/** Adds the files of an ISO to a tree, in place and without mounting it; returns what else the ISO holds. */
export async function addIsoFiles(iso: string, extraction: Extraction): Promise<BesideIso> {
  const file = await realpath(iso);
  const { files, specials, beside } = await readIso(file, extraction);
  for (const path of specials)
    extraction.addSpecial(path, 'is not a regular file (a link, device or boot catalog)');
  const wanted: IsoEntry[] = [];
  for (const entry of files) {
    if (!extraction.addStored(entry.path, { file, extents: entry.extents })) continue;
    extraction.budget.countBytes(entry.size);
    wanted.push(entry);
  }
  await requireUncompressed(file, wanted, extraction);
  return beside;
}

/** Magic number of files compressed with zisofs, which must not be read as they are. */
const zisofsMagic = Buffer.from('37e45396c9dbd607', 'hex');

async function requireUncompressed(
  iso: string,
  entries: readonly IsoEntry[],
  { subject, signal }: Extraction,
): Promise<void> {
  const seen = new Set<number>();
  const start = Buffer.alloc(zisofsMagic.length);
  await withShared(iso, async (handle) => {
    for (const { path, size, extents } of entries) {
      const offset = extents[0]?.offset;
      if (offset === undefined || size < start.length || seen.has(offset)) continue;
      seen.add(offset);
      signal.throwIfAborted();
      await handle.read(start, 0, start.length, offset);
      if (start.equals(zisofsMagic))
        throw refusal(
          subject,
          `entry ${quoted(path)}: is compressed with zisofs, which pvdisc does not read`,
        );
    }
  });
}
