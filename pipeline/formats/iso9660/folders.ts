import { type Limits, overLimit, startBudget } from '../../core/limits.ts';
import { damage, quoted, type Subject } from '../../core/refusal.ts';
import { sectorBytes } from './extents.ts';
import { type IsoRecord, readRecords } from './record.ts';
import { type RockRidge, type SystemUseCheck, startSystemUseCheck } from './rock-ridge.ts';
import { type OpenIso, type Run, readRun } from './volume.ts';

/** A record with what Rock Ridge adds to it. */
export interface IsoFile extends IsoRecord {
  readonly rockRidge: RockRidge;
}

/** A folder of an ISO; the root is its own parent and has the name of one NUL. */
export interface IsoFolder {
  readonly name: Buffer;
  readonly rockRidge: RockRidge;
  readonly run: Run;
  /** Sector of its parent. */
  readonly parent: number;
  readonly folders: IsoFolder[];
  readonly files: IsoFile[];
}

/** What one tree of an ISO holds; a file in parts is there once for each part. */
export interface IsoTree {
  /** The root comes first. */
  readonly folders: readonly [IsoFolder, ...IsoFolder[]];
  readonly files: readonly IsoFile[];
  readonly hasRockRidge: boolean;
}

/**
 * Walks the directory records below a root folder and throws where they are damaged, lie beyond the file, lead back into
 * themselves or are too many: xorriso passes over the first without a word, and never ends or fills the memory on the last.
 */
export async function walkFolders(iso: OpenIso, root: Run): Promise<IsoTree> {
  const { handle, fileBytes, subject, limits, signal } = iso;
  const top = startFolder(Buffer.alloc(1), { isSpecial: false }, root, root.sector);
  const folders: [IsoFolder, ...IsoFolder[]] = [top];
  const files: IsoFile[] = [];
  const seen = new Set([root.sector]);
  const open = [{ folder: top, depth: 0 }];
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
    const bytes = await readRun(handle, run, fileBytes, subject);
    const { records, ownUse } = readRecords(bytes, run.sector, subject, countEntry);
    checkUse ??= await startSystemUseCheck(iso, ownUse);
    for (const record of records) {
      const rockRidge = await checkUse.check(record.use);
      requireInside(record, iso);
      if (!record.isFolder) {
        const file = { ...record, rockRidge };
        files.push(file);
        folder.files.push(file);
        continue;
      }
      if (seen.has(record.run.sector))
        throw damage(subject, `the folder at sector ${record.run.sector} is there twice`);
      seen.add(record.run.sector);
      const below = startFolder(record.name, rockRidge, record.run, run.sector);
      folders.push(below);
      folder.folders.push(below);
      open.push({ folder: below, depth: depth + 1 });
    }
  }
  return { folders, files, hasRockRidge: checkUse?.hasRockRidge === true };
}

function startFolder(name: Buffer, rockRidge: RockRidge, run: Run, parent: number): IsoFolder {
  return { name, rockRidge, run, parent, folders: [], files: [] };
}

function requireInside({ name, run }: IsoRecord, { fileBytes, subject }: OpenIso): void {
  if (run.bytes === 0 || run.sector * sectorBytes + run.bytes <= fileBytes) return;
  const shown = quoted(name.toString('latin1').replace(/;1$/, ''));
  throw damage(subject, `entry ${shown} lies beyond the end of the file (${fileBytes} bytes)`);
}

function tooMany(subject: Subject, { files }: Limits) {
  return overLimit(subject, 'files', `holds more than ${files} files and folders`);
}
