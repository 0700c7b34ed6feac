import type { FileHandle } from 'node:fs/promises';
import { sectorBytes } from '../../iso/list.ts';
import { type Limits, overLimit, startBudget } from '../limits.ts';
import { quoted, type Subject } from '../refusal.ts';
import { damage } from './damage.ts';
import { type IsoRecord, readRecords } from './iso-record.ts';
import { type SystemUseCheck, startSystemUseCheck } from './iso-rock-ridge.ts';
import { type Run, readRun } from './iso-volume.ts';

/** A folder of an ISO; the root is its own parent and has the name of one NUL. */
export interface IsoFolder {
  readonly name: Buffer;
  readonly run: Run;
  /** Sector of its parent. */
  readonly parent: number;
}

/** What one tree of an ISO holds; a file in parts is there once for each part. */
export interface IsoTree {
  readonly folders: readonly IsoFolder[];
  readonly files: readonly IsoRecord[];
}

/** An ISO that is open for reading, its size, and what it may hold. */
export interface OpenIso {
  readonly handle: FileHandle;
  readonly fileBytes: number;
  readonly subject: Subject;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/**
 * Walks the directory records below a root folder and throws where they are damaged, lie beyond the file, lead back into
 * themselves or are too many: xorriso passes over the first without a word, and never ends or fills the memory on the last.
 */
export async function walkFolders(iso: OpenIso, root: Run): Promise<IsoTree> {
  const { handle, fileBytes, subject, limits, signal } = iso;
  const folders: IsoFolder[] = [];
  const files: IsoRecord[] = [];
  const seen = new Set([root.sector]);
  const open: { folder: IsoFolder; depth: number }[] = [
    { folder: { name: Buffer.alloc(1), run: root, parent: root.sector }, depth: 0 },
  ];
  const { countEntry } = startBudget(subject, limits);
  let bytesLeft = limits.files * sectorBytes;
  let checkUse: SystemUseCheck | undefined;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    signal.throwIfAborted();
    const { folder, depth } = next;
    const { run } = folder;
    if (depth >= limits.depth)
      throw overLimit(subject, 'depth', `has folders deeper than ${limits.depth} folders`);
    bytesLeft -= run.bytes;
    if (bytesLeft < 0) throw tooMany(subject, limits);
    folders.push(folder);
    const bytes = await readRun(handle, run, fileBytes, subject);
    const { records, ownUse } = readRecords(bytes, run.sector, subject, countEntry);
    checkUse ??= await startSystemUseCheck(iso, ownUse);
    for (const record of records) {
      await checkUse(record.use);
      requireInside(record, iso);
      if (!record.isFolder) {
        files.push(record);
        continue;
      }
      if (seen.has(record.run.sector))
        throw damage(subject, `the folder at sector ${record.run.sector} is there twice`);
      seen.add(record.run.sector);
      open.push({ folder: { name: record.name, run: record.run, parent: run.sector }, depth: depth + 1 });
    }
  }
  return { folders, files };
}

function requireInside({ name, run }: IsoRecord, { fileBytes, subject }: OpenIso): void {
  if (run.bytes === 0 || run.sector * sectorBytes + run.bytes <= fileBytes) return;
  const shown = quoted(name.toString('latin1').replace(/;1$/, ''));
  throw damage(subject, `entry ${shown} lies beyond the end of the file (${fileBytes} bytes)`);
}

function tooMany(subject: Subject, { files }: Limits) {
  return overLimit(subject, 'files', `holds more than ${files} files and folders`);
}
