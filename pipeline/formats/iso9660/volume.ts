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

/** Names of ISO 9660, of ISO 9660:1999 ("enhanced", any bytes), or of Joliet (UCS-2). */
export type NameKind = 'primary' | 'enhanced' | 'joliet';

/** The tree of a volume descriptor: its root folder, and its path tables in both byte orders. */
export interface IsoVolume {
  readonly kind: NameKind;
  readonly root: Run;
  readonly pathTableBytes: number;
  readonly pathTables: readonly { readonly sector: number; readonly order: 'LE' | 'BE' }[];
}

/** The content of the volume descriptors: the trees, and the ends of the volume and of the descriptors. */
export interface IsoVolumes {
  readonly volumes: readonly IsoVolume[];
  /** Volume identifier of the first primary descriptor. */
  readonly label: string;
  /** First sectors of boot catalogs (El Torito specification, figure 7). */
  readonly bootCatalogs: readonly number[];
  readonly volumeBytes: number;
  /** First sector after the descriptors. */
  readonly end: number;
  /** Whether there is another tree, in an unknown character set. */
  readonly hasOther: boolean;
}

/** Reads the volume descriptors (ECMA-119 section 8) from sector 16, and checks that the file contains the whole volume. */
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
      throw damage(subject, `sector ${sector} is not a volume descriptor`);
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

/** Reads a run; throws when it exceeds the file. */
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
      `sector ${run.sector} and the following ones are beyond the end of the file (${fileBytes} bytes)`,
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
    throw damage(subject, 'its volume descriptor has an unsupported version');
  const blockBytes = descriptor.readUInt16LE(128);
  if (blockBytes !== sectorBytes)
    throw damage(subject, `its blocks have ${blockBytes} bytes, expected ${sectorBytes}`);
  const volumeBytes = descriptor.readUInt32LE(80) * sectorBytes;
  if (volumeBytes > fileBytes) {
    throw damage(subject, `the file has ${fileBytes} bytes, but its ISO volume has ${volumeBytes}`);
  }
  return volumeBytes;
}

/** The escape sequences of the three levels of UCS-2 (Joliet specification, "SVD Escape Sequences Field"); version 2 (ISO 9660:1999 section 8.5). */
function supplementaryKind(descriptor: Buffer): NameKind | undefined {
  if (['%/@', '%/C', '%/E'].includes(descriptor.toString('latin1', 88, 91))) return 'joliet';
  return descriptor[6] === 2 ? 'enhanced' : undefined;
}

/** An ISO open for reading, its size, and its limits. */
export interface OpenIso {
  readonly reader: RandomAccess;
  readonly fileBytes: number;
  readonly subject: Subject;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Returns the boot catalog's sector of an El Torito boot record; throws when it exceeds the file. */
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

/** The primary volume descriptor of an ISO that may be truncated. */
export interface VolumeHead {
  readonly label: string;
  /** Undefined when the descriptor is truncated or missing. */
  readonly volumeBytes?: number;
}

/** Reads the volume identifier, and the volume space size and logical block size (ECMA-119 sections 8.4.8 and 8.4.12), from the first sectors of an ISO. */
export function readVolumeHead(head: Buffer): VolumeHead {
  const descriptor = head.subarray(16 * sectorBytes);
  const label = labelOf(descriptor);
  if (head.length < descriptorEnd || descriptor[0] !== 1) return { label };
  return { label, volumeBytes: descriptor.readUInt32LE(80) * descriptor.readUInt16LE(128) };
}

/** Returns the volume identifier (ECMA-119 section 8.4.7), without control characters. */
function labelOf(descriptor: Buffer): string {
  return descriptor
    .toString('latin1', 40, 72)
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
}
