import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { PipelineError } from '../errors.ts';
import { run } from '../host/exec.ts';
import { byCodeUnit } from '../host/files.ts';
import { tools } from '../host/tools.ts';

/** A contiguous run of bytes in an ISO file. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** A file on an ISO: its path without the leading slash and the bytes that make it, in order. */
export interface IsoEntry {
  readonly path: string;
  readonly size: number;
  readonly extents: readonly Extent[];
}

/** Which names to read: Rock Ridge's, else Joliet's (as Linux does), or the primary tree's, as they are recorded there. */
export type NameTree = 'rock-ridge' | 'primary';

/** Logical block size of a CD-ROM (ECMA-119, 6.1.2). */
const blockSize = 2048;

/** Lists the files of an ISO, sorted by path, through xorriso; no mounting, no root. */
export async function listIso(iso: string, names: NameTree, signal: AbortSignal): Promise<IsoEntry[]> {
  await requireIso(iso, signal);
  const args = [
    ...['-no_rc', '-read_fs', names === 'primary' ? 'ecma119' : 'any', '-ecma119_map', 'unmapped'],
    ...['-indev', `stdio:${iso}`],
    ...['-find', '/', '-type', 'f', '-exec', 'report_lba', '--'],
  ];
  const { stdout } = await run(tools.xorriso, args, { signal });
  const entries = new Map<string, IsoEntry>();
  for (const line of stdout.split('\n')) {
    const section = parseSection(line);
    if (section === undefined) continue;
    const known = entries.get(section.path);
    const extents = [...(known?.extents ?? []), section.extent];
    entries.set(section.path, {
      path: section.path,
      size: section.size,
      extents: clip(extents, section.size),
    });
  }
  return [...entries.values()].sort((a, b) => byCodeUnit(a.path, b.path));
}

/** xorriso takes anything else for a blank or empty medium; a descriptor begins at sector 16 (ECMA-119, 8.1). */
async function requireIso(iso: string, signal: AbortSignal): Promise<void> {
  const chunks: Buffer[] = [];
  const magic = [{ offset: 16 * blockSize + 1, length: 5 }];
  for await (const chunk of readExtents(iso, magic, signal)) chunks.push(chunk);
  if (Buffer.concat(chunks).toString('latin1') === 'CD001') return;
  throw new PipelineError('input', {
    place: iso,
    message: 'is not an ISO 9660 image',
    hint: 'get the ISO again and compare its digest',
  });
}

/** Returns the sha256 of the bytes that a file's extents hold. */
export async function hashExtents(
  iso: string,
  extents: readonly Extent[],
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readExtents(iso, extents, signal)) hash.update(chunk);
  return hash.digest('hex');
}

/** Yields the bytes of a file's extents in order; throws when the ISO ends before they do. */
export async function* readExtents(
  iso: string,
  extents: readonly Extent[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (const { offset, length } of extents) {
    if (length === 0) continue;
    let left = length;
    for await (const chunk of createReadStream(iso, { start: offset, end: offset + length - 1, signal })) {
      left -= (chunk as Buffer).length;
      yield chunk as Buffer;
    }
    if (left > 0) {
      throw new PipelineError('input', {
        place: iso,
        message: `ends ${left} bytes before the file at offset ${offset} does: the ISO is truncated`,
        hint: 'get the ISO again and compare its digest',
      });
    }
  }
}

/** `File data lba:  extent , start block ,  blocks ,  file size , 'path'` (xorriso(1), `report_lba`). */
function parseSection(line: string): { path: string; size: number; extent: Extent } | undefined {
  const match = /^File data lba:\s*\d+\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*'(.*)'$/.exec(line);
  if (match === null) return undefined;
  const [start = 0, blocks = 0, size = 0] = match.slice(1, 4).map(Number);
  const path = (match[4] ?? '').replaceAll(`'"'"'`, "'").replace(/^\//, '');
  return { path, size, extent: { offset: start * blockSize, length: blocks * blockSize } };
}

function clip(extents: readonly Extent[], size: number): Extent[] {
  let left = size;
  return extents.map(({ offset, length }) => {
    const used = Math.min(length, left);
    left -= used;
    return { offset, length: used };
  });
}
