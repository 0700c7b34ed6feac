import type { FileHandle } from 'node:fs/promises';
import { sectorBytes } from '../../iso/list.ts';
import { limits } from '../limits.ts';
import { refusal, type Subject } from '../refusal.ts';
import { damage } from './damage.ts';
import { type Run, readRun, runOfRecord } from './iso-volume.ts';

/**
 * Walks the directory records below a root folder (ECMA-119 section 9.1) and throws where they are damaged, lie beyond
 * the file or lead back into themselves: xorriso passes over the first without a word and never ends on the last.
 */
export async function requireSoundFolders(
  iso: FileHandle,
  root: Run,
  fileBytes: number,
  subject: Subject,
): Promise<void> {
  const seen = new Set([root.sector]);
  const open = [root];
  let bytesLeft = 256 * 2 ** 20;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    bytesLeft -= folder.bytes;
    if (bytesLeft < 0 || seen.size > limits.entries) {
      throw refusal(subject, `holds more than ${limits.entries} folders, or folders of more than 256 MiB`);
    }
    const records = await readRun(iso, folder, fileBytes, subject);
    for (const run of foldersIn(records, folder.sector, subject)) {
      if (seen.has(run.sector)) throw damage(subject, `the folder at sector ${run.sector} is there twice`);
      seen.add(run.sector);
      open.push(run);
    }
  }
}

function* foldersIn(records: Buffer, sector: number, subject: Subject): Generator<Run> {
  for (let at = 0, index = 0; at < records.length; index += 1) {
    const length = records[at] ?? 0;
    const sectorEnd = at - (at % sectorBytes) + sectorBytes;
    if (length === 0) {
      if (records.subarray(at, sectorEnd).some((byte) => byte !== 0)) throw brokenFolder(sector, subject);
      at = sectorEnd;
      continue;
    }
    const record = records.subarray(at, at + length);
    const nameLength = record[32] ?? 255;
    if (at + length > sectorEnd || record.length < 33 + nameLength) throw brokenFolder(sector, subject);
    const isItselfOrParent = index < 2;
    if (!isItselfOrParent && isFolder(record)) yield runOfRecord(record);
    at += length;
  }
}

/** Bit 1 of the file flags. */
function isFolder(record: Buffer): boolean {
  return ((record[25] ?? 0) & 2) !== 0;
}

function brokenFolder(sector: number, subject: Subject) {
  return damage(subject, `the folder at sector ${sector} has a broken record`);
}
