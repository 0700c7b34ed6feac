import type { FileHandle } from 'node:fs/promises';
import { damage } from '../../core/damage.ts';
import type { Limits } from '../../core/limits.ts';
import type { Subject } from '../../core/refusal.ts';

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
  readonly volumeBytes: number;
  /** First sector after the descriptors. */
  readonly end: number;
  /** A tree is there besides in a character set that no reader is known to read. */
  readonly hasOther: boolean;
}

/** Reads the volume descriptors (ECMA-119 section 8) from sector 16 on, and checks that the file holds the whole volume. */
export async function readVolumes(iso: FileHandle, fileBytes: number, subject: Subject): Promise<IsoVolumes> {
  const volumes: IsoVolume[] = [];
  let [sector, volumeBytes, hasOther] = [16, 0, false];
  for (; sector < 16 + 64; sector += 1) {
    const descriptor = await readRun(iso, { sector, bytes: sectorBytes }, fileBytes, subject);
    if (descriptor.toString('latin1', 1, 6) !== 'CD001') {
      throw damage(subject, `sector ${sector} is no volume descriptor`);
    }
    const type = descriptor[0];
    if (type === 255) break;
    if (type === 1) volumeBytes = Math.max(volumeBytes, requireWholeVolume(descriptor, fileBytes, subject));
    if (type !== 1 && type !== 2) continue;
    const kind = type === 1 ? 'primary' : supplementaryKind(descriptor);
    if (kind === undefined) hasOther = true;
    else volumes.push(readVolume(descriptor, kind));
  }
  if (!volumes.some(({ kind }) => kind === 'primary'))
    throw damage(subject, 'it has no primary volume descriptor');
  return { volumes, volumeBytes, end: sector + 1, hasOther };
}

/** Reads a run; throws when it ends beyond the file. */
export async function readRun(
  iso: FileHandle,
  run: Run,
  fileBytes: number,
  subject: Subject,
): Promise<Buffer> {
  const start = run.sector * sectorBytes;
  const { buffer, bytesRead } =
    start + run.bytes > fileBytes
      ? { buffer: undefined, bytesRead: 0 }
      : await iso.read(Buffer.alloc(run.bytes), 0, run.bytes, start);
  if (buffer === undefined || bytesRead !== run.bytes) {
    throw damage(
      subject,
      `sector ${run.sector} and what follows lie beyond the end of the file (${fileBytes} bytes)`,
    );
  }
  return buffer;
}

/** The root's directory record is at byte 156 (ECMA-119 section 8.4). */
function readVolume(descriptor: Buffer, kind: NameKind): IsoVolume {
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
  readonly handle: FileHandle;
  readonly fileBytes: number;
  readonly subject: Subject;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Where the primary volume descriptor is, and how long (ECMA-119 section 6.2). */
export const descriptor = { start: 16 * 2048, end: 17 * 2048 };

/** Returns the volume identifier of the primary volume descriptor in sector 16 (ECMA-119 section 8.4.7), without what would move a terminal's cursor. */
export function volumeLabel(head: Buffer): string {
  const start = descriptor.start + 40;
  return head
    .toString('latin1', start, start + 32)
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
}

/** Volume space size and logical block size (ECMA-119 sections 8.4.8 and 8.4.12), the little-endian of each pair. */
export function volumeBytes(head: Buffer): number | undefined {
  if (head.length < descriptor.end || head[descriptor.start] !== 1) return undefined;
  return head.readUInt32LE(descriptor.start + 80) * head.readUInt16LE(descriptor.start + 128);
}
