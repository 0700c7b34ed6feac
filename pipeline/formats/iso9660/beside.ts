import { plural } from '../../core/text.ts';
import { asBuffer, chunksOfRange } from '../random-access.ts';
import { type IsoVolumes, type OpenIso, sectorBytes } from './volume.ts';

/** Content of a disc beside the trees that pvdisc reads: other file systems, and trailing data after the volume. */
export interface BesideIso {
  readonly notLookedAt: readonly string[];
  /** Undefined when only zeros follow, which tools and drives add as padding. */
  readonly afterVolume?: string;
}

/** Detects other file systems and trailing data after the volume. */
export async function besideTrees(
  iso: OpenIso,
  { volumeBytes, end, hasOther }: IsoVolumes,
): Promise<BesideIso> {
  const after = iso.fileBytes - volumeBytes;
  const isStray = after > 0 && (await hasBytesFrom(iso, volumeBytes));
  return {
    notLookedAt: [
      ...((await hasUdf(iso, end)) ? ['a UDF file system, which Windows shows in place of ISO 9660'] : []),
      ...((await hasHfs(iso)) ? ['an HFS file system, which macOS shows in place of ISO 9660'] : []),
      ...(hasOther ? ['a tree of another character set than those of ISO 9660 and Joliet'] : []),
    ],
    ...(isStray && {
      afterVolume: `${plural(after, 'byte')} of trailing data after the volume, not all zero and not part of any file`,
    }),
  };
}

/** Returns one note for each. */
export function besideWords({ notLookedAt, afterVolume }: BesideIso): string[] {
  const notes = notLookedAt.map((what) => `also contains ${what}: pvdisc did not check it`);
  return afterVolume === undefined ? notes : [...notes, afterVolume];
}

/** The volume recognition sequence of UDF follows the descriptors of ISO 9660 (ECMA-167 part 2, section 8.3.1). */
async function hasUdf({ reader, fileBytes }: OpenIso, end: number): Promise<boolean> {
  const length = Math.max(0, Math.min(64 * sectorBytes, fileBytes - end * sectorBytes));
  const bytes = asBuffer(await reader.read(end * sectorBytes, length));
  for (let at = 0; at + sectorBytes <= bytes.length; at += sectorBytes) {
    if (/^NSR0[23]$/.test(bytes.toString('latin1', at + 1, at + 6))) return true;
  }
  return false;
}

/** The master directory block of HFS or the volume header of HFS+ at byte 1024, or a partition map that names one (Inside Macintosh: Files; TN1150). */
async function hasHfs({ reader }: OpenIso): Promise<boolean> {
  const bytes = asBuffer(await reader.read(0, 16 * sectorBytes));
  if (['BD', 'H+', 'HX'].includes(bytes.toString('latin1', 1024, 1026))) return true;
  for (let at = 512; at < bytes.length; at += 512) {
    const isPartition = bytes.toString('latin1', at, at + 2) === 'PM';
    if (isPartition && bytes.toString('latin1', at + 48, at + 57) === 'Apple_HFS') return true;
  }
  return false;
}

async function hasBytesFrom({ reader, fileBytes, signal }: OpenIso, start: number): Promise<boolean> {
  for await (const chunk of chunksOfRange(reader, start, fileBytes - start)) {
    signal.throwIfAborted();
    if (!chunk.equals(Buffer.alloc(chunk.length))) return true;
  }
  return false;
}
