import type { Limits } from '../../core/limits.ts';
import { damage, type Subject } from '../../core/refusal.ts';
import { asBuffer, type RandomAccess } from '../random-access.ts';

/** Logical block size of a CD-ROM in bytes (ECMA-119, 6.1.2). */
export const sectorBytes = 2048;

/** A run of bytes of the ISO: first sector and length in bytes. */
export interface Run {
  readonly sector: number;
  readonly bytes: number;
}

/** ISO 9660's own names, those of ISO 9660:1999 ("enhanced", any bytes), or those of Joliet (UCS-2). */
export type NameKind = 'primary' | 'enhanced' | 'joliet';

/** A volume descriptor's tree: its root folder, and where the path tables in either byte order are. */
export interface IsoVolume {
  readonly kind: NameKind;
  readonly root: Run;
  readonly pathTableBytes: number;
  readonly pathTables: readonly { readonly sector: number; readonly order: 'LE' | 'BE' }[];
}

/** What the volume descriptors say: the trees, and where the volume and the descriptors end. */
export interface IsoVolumes {
  readonly volumes: readonly IsoVolume[];
  /** Volume identifier of the first primary descriptor. */
  readonly label: string;
  /** First sectors of the catalogs that boot records name (El Torito specification, figure 7). */
  readonly bootCatalogs: readonly number[];
  readonly volumeBytes: number;
  /** First sector after the descriptors. */
  readonly end: number;
  /** A tree is there besides in a character set that no reader is known to read. */
  readonly hasOther: boolean;
}

/** Reads the volume descriptors (ECMA-119 section 8) from sector 16 on, and checks that the file holds the whole volume. */
export async function readVolumes(
  iso: RandomAccess,
  fileBytes: number,
  subject: Subject,
): Promise<IsoVolumes> {
  const volumes: IsoVolume[] = [];
  const bootCatalogs: number[] = [];
  let label: string | undefined;
  let [sector, volumeBytes, hasOther] = [16, 0, false];
  for (; sector < 16 + 64; sector += 1) {
    const descriptor = await readRun(iso, { sector, bytes: sectorBytes }, fileBytes, subject);
    if (descriptor.toString('latin1', 1, 6) !== 'CD001') {
      throw damage(subject, `sector ${sector} is no volume descriptor`);
    }
    const type = descriptor[0];
    if (type === 255) break;
    if (type === 0) bootCatalogs.push(...(await bootCatalog(descriptor, iso, fileBytes, subject)));
    if (type === 1) {
      volumeBytes = Math.max(volumeBytes, requireWholeVolume(descriptor, fileBytes, subject));
      label ??= labelOf(descriptor);
    }
    if (type !== 1 && type !== 2) continue;
    const kind = type === 1 ? 'primary' : supplementaryKind(descriptor);
    if (kind === undefined) hasOther = true;
    else volumes.push(readVolume(descriptor, kind, subject));
  }
  if (label === undefined) throw damage(subject, 'it has no primary volume descriptor');
  return { volumes, label, bootCatalogs, volumeBytes, end: sector + 1, hasOther };
}

/** Reads a run; throws when it ends beyond the file. */
export async function readRun(
  iso: RandomAccess,
  run: Run,
  fileBytes: number,
  subject: Subject,
): Promise<Buffer> {
  const start = run.sector * sectorBytes;
  const bytes = start + run.bytes > fileBytes ? undefined : await iso.read(start, run.bytes);
  if (bytes?.length !== run.bytes) {
    throw damage(
      subject,
      `sector ${run.sector} and what follows lie beyond the end of the file (${fileBytes} bytes)`,
    );
  }
  return asBuffer(bytes);
}

/** The root's directory record is at byte 156, its extended attributes at 157 (ECMA-119 section 8.4). */
function readVolume(descriptor: Buffer, kind: NameKind, subject: Subject): IsoVolume {
  const numbers = [80, 132, 156 + 2, 156 + 10];
  if (numbers.some((at) => descriptor.readUInt32LE(at) !== descriptor.readUInt32BE(at + 4)))
    throw damage(subject, 'it has a volume descriptor whose two byte orders differ');
  if (descriptor[157] !== 0) throw damage(subject, 'it has a root folder with attributes');
  return {
    kind,
    root: { sector: descriptor.readUInt32LE(156 + 2), bytes: descriptor.readUInt32LE(156 + 10) },
    pathTableBytes: descriptor.readUInt32LE(132),
    pathTables: [
      { sector: descriptor.readUInt32LE(140), order: 'LE' },
      { sector: descriptor.readUInt32BE(148), order: 'BE' },
    ],
  };
}

/** Returns the bytes of the volume. */
function requireWholeVolume(descriptor: Buffer, fileBytes: number, subject: Subject): number {
  if (descriptor[6] !== 1 || descriptor[881] !== 1)
    throw damage(subject, 'its volume descriptor is of a version that pvdisc does not know');
  const blockBytes = descriptor.readUInt16LE(128);
  if (blockBytes !== sectorBytes)
    throw damage(subject, `its blocks have ${blockBytes} bytes, expected ${sectorBytes}`);
  const volumeBytes = descriptor.readUInt32LE(80) * sectorBytes;
  if (volumeBytes > fileBytes) {
    throw damage(subject, `the file has ${fileBytes} bytes, and its ISO volume ${volumeBytes}`);
  }
  return volumeBytes;
}

/** The escape sequences of the three levels of UCS-2 (Joliet specification, "SVD Escape Sequences Field"); version 2 (ISO 9660:1999 section 8.5). */
function supplementaryKind(descriptor: Buffer): NameKind | undefined {
  if (['%/@', '%/C', '%/E'].includes(descriptor.toString('latin1', 88, 91))) return 'joliet';
  return descriptor[6] === 2 ? 'enhanced' : undefined;
}

/** An ISO that is open for reading, its size, and what it may hold. */
export interface OpenIso {
  readonly reader: RandomAccess;
  readonly fileBytes: number;
  readonly subject: Subject;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Returns the catalog's sector where a boot record is one of El Torito; throws when it lies beyond the file. */
async function bootCatalog(
  descriptor: Buffer,
  iso: RandomAccess,
  fileBytes: number,
  subject: Subject,
): Promise<number[]> {
  const system = descriptor.toString('latin1', 7, 39).replace(/\0+$/, '');
  if (system !== 'EL TORITO SPECIFICATION' || descriptor[6] !== 1) return [];
  const sector = descriptor.readUInt32LE(71);
  await readRun(iso, { sector, bytes: sectorBytes }, fileBytes, subject);
  return [sector];
}

/** Where the primary volume descriptor ends (ECMA-119 section 6.2). */
export const descriptorEnd = 17 * sectorBytes;

/** What the primary volume descriptor of an ISO says, which may be cut off. */
export interface VolumeHead {
  readonly label: string;
  /** Undefined where the descriptor is cut off or not in its place. */
  readonly volumeBytes?: number;
}

/** Reads the volume identifier, and the volume space size and logical block size (ECMA-119 sections 8.4.8 and 8.4.12), from the first sectors of an ISO. */
export function readVolumeHead(head: Buffer): VolumeHead {
  const descriptor = head.subarray(16 * sectorBytes);
  const label = labelOf(descriptor);
  if (head.length < descriptorEnd || descriptor[0] !== 1) return { label };
  return { label, volumeBytes: descriptor.readUInt32LE(80) * descriptor.readUInt16LE(128) };
}

/** Returns the volume identifier (ECMA-119 section 8.4.7), without what would move a terminal's cursor. */
function labelOf(descriptor: Buffer): string {
  return descriptor
    .toString('latin1', 40, 72)
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
}
