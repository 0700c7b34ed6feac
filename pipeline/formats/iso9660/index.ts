import { defaultLimits, type Limits } from '../../core/limits.ts';
import { byCodeUnit } from '../../core/order.ts';
import type { Subject } from '../../core/refusal.ts';
import { type RandomAccess, type ReadableSource, withRandomAccess } from '../random-access.ts';
import { type BesideIso, besideTrees } from './beside.ts';
import { extentsOf, type IsoEntry, requireSoundExtents } from './extents.ts';
import { walkFolders } from './folders.ts';
import { filesBelow } from './names.ts';
import { requirePathTables } from './path-table.ts';
import { type KindOfTree, requireSameTrees } from './trees.ts';
import { type IsoVolume, readVolumes } from './volume.ts';

export type { Extent } from '../../core/content.ts';
export { PvdiscError } from '../../core/errors.ts';
export { defaultLimits, type Limits } from '../../core/limits.ts';
export type { RandomAccess, ReadableSource } from '../random-access.ts';
export { type BesideIso, besideWords } from './beside.ts';
export type { IsoEntry } from './extents.ts';
export { descriptorEnd, readVolumeHead, sectorBytes } from './volume.ts';

/** The content of an ISO 9660 image. */
export interface Iso {
  readonly label: string;
  /** Files sorted by path, with names from Rock Ridge, else Joliet, else ISO 9660. */
  readonly files: readonly IsoEntry[];
  /** Paths of links, devices, pipes, sockets and boot catalogs, sorted. */
  readonly specials: readonly string[];
  /** Sorted paths of all files in the primary tree, for readers that support only these names. */
  readonly primary: readonly string[];
  readonly beside: BesideIso;
}

/** The name of an ISO in errors, the limits for reading it, and the signal that ends it early. */
export interface IsoReading {
  readonly subject?: Subject;
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
}

/**
 * Reads the folders of all trees of an ISO, without mounting it or reading files. Throws a PvdiscError unless the trees, path tables and file
 * positions are valid, all names are safe, and each name has the same bytes in every tree.
 */
export async function readIso(source: ReadableSource, reading: IsoReading = {}): Promise<Iso> {
  const subject = reading.subject ?? {
    place: 'iso9660',
    name: typeof source === 'string' ? source : 'image',
  };
  const { limits = defaultLimits, signal = new AbortController().signal } = reading;
  return withRandomAccess(source, (reader) => readTrees(reader, { subject, limits, signal }));
}

async function readTrees(
  reader: RandomAccess,
  { subject, limits, signal }: Required<IsoReading>,
): Promise<Iso> {
  const { size: fileBytes } = reader;
  const iso = { reader, fileBytes, subject, limits, signal };
  const found = await readVolumes(reader, fileBytes, subject);
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
  const { read, primary } = requireSameTrees(trees, subject, limits);
  const named = filesBelow(read).sort((a, b) => byCodeUnit(a.path, b.path));
  const isSpecial = ({ isSpecial: isNoFile, runs }: (typeof named)[number]) =>
    isNoFile || found.bootCatalogs.includes(runs[0]?.sector ?? 0);
  return {
    label: found.label,
    files: named
      .filter((entry) => !isSpecial(entry))
      .map(({ path, runs }) => ({
        path,
        size: runs.reduce((sum, { bytes }) => sum + bytes, 0),
        extents: extentsOf(runs),
      })),
    specials: named.filter(isSpecial).map(({ path }) => path),
    primary: filesBelow(primary)
      .map(({ path }) => path)
      .sort(byCodeUnit),
    beside: await besideTrees(iso, found),
  };
}

/** genisoimage shares one tree between the descriptors of ISO 9660 and ISO 9660:1999. */
function ownTrees(volumes: readonly IsoVolume[]): IsoVolume[] {
  return volumes.filter((one, index) => volumes.findIndex((other) => isSameTree(one, other)) === index);
}

function isSameTree(one: IsoVolume, other: IsoVolume): boolean {
  const isSameRoot = one.root.sector === other.root.sector && one.root.bytes === other.root.bytes;
  return isSameRoot && (one.kind === 'joliet') === (other.kind === 'joliet');
}
