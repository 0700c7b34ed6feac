import { type Limits, overLimit, startBudget } from '../../core/limits.ts';
import { damage, quoted, refusal, type Subject } from '../../core/refusal.ts';
import { type RockRidge, type SystemUseCheck, startSystemUseCheck } from './rock-ridge.ts';
import { type OpenIso, type Run, readRun, sectorBytes } from './volume.ts';

/** A directory record with its Rock Ridge data. */
export interface IsoFile extends IsoRecord {
  readonly rockRidge: RockRidge;
}

/** A folder of an ISO; the root is its own parent, and its name is one NUL. */
export interface IsoFolder {
  readonly name: Buffer;
  readonly rockRidge: RockRidge;
  readonly run: Run;
  /** Sector of its parent. */
  readonly parent: number;
  readonly folders: IsoFolder[];
  readonly files: IsoFile[];
}

/** The content of one tree of an ISO; a multi-extent file has one record per extent. */
export interface IsoTree {
  /** The root comes first. */
  readonly folders: readonly [IsoFolder, ...IsoFolder[]];
  readonly files: readonly IsoFile[];
  readonly hasRockRidge: boolean;
}

/**
 * Walks the directory records below a root folder; throws when records are damaged, are beyond the file, form a cycle or are
 * too many. xorriso silently skips damaged records, and hangs or exhausts memory on cycles.
 */
export async function walkFolders(iso: OpenIso, root: Run): Promise<IsoTree> {
  const { reader, fileBytes, subject, limits, signal } = iso;
  const top = startFolder(Buffer.alloc(1), {}, root, root.sector);
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
    const bytes = await readRun(reader, run, fileBytes, subject);
    const { records, own } = readRecords(bytes, run.sector, subject, countEntry);
    if (folder.rockRidge.isHidden === true && records.length > 0)
      throw refusal(subject, 'has folders relocated by Rock Ridge, which pvdisc does not support');
    checkUse ??= await startSystemUseCheck(iso, own?.use ?? Buffer.alloc(0));
    for (const record of records) {
      const rockRidge = await checkUse.check(record.use);
      requireInside(record, iso);
      if (rockRidge.kind !== undefined && (rockRidge.kind === 'folder') !== record.isFolder)
        throw damage(
          subject,
          `the folder at sector ${run.sector} has a record that is a folder in one tree only`,
        );
      if (!record.isFolder) {
        const file = { ...record, rockRidge };
        files.push(file);
        folder.files.push(file);
        continue;
      }
      if (seen.has(record.run.sector))
        throw damage(subject, `the folder at sector ${record.run.sector} is duplicated`);
      seen.add(record.run.sector);
      const below = startFolder(record.name, rockRidge, record.run, run.sector);
      folders.push(below);
      folder.folders.push(below);
      open.push({ folder: below, depth: depth + 1 });
    }
    requireOwn(own, run, subject);
  }
  return { folders, files, hasRockRidge: checkUse?.hasRockRidge === true };
}

function startFolder(name: Buffer, rockRidge: RockRidge, run: Run, parent: number): IsoFolder {
  return { name, rockRidge, run, parent, folders: [], files: [] };
}

/** Checks the folder's record of itself, which some readers follow (ECMA-119 section 6.8.2.2). */
function requireOwn(own: IsoRecord | undefined, { sector, bytes }: Run, subject: Subject): void {
  if (own === undefined) throw broken(sector, subject);
  if (own.isFolder && !own.continues && own.run.sector === sector && own.run.bytes === bytes) return;
  throw damage(subject, `the folder at sector ${sector} has a record of itself that points elsewhere`);
}

function requireInside({ name, run }: IsoRecord, { fileBytes, subject }: OpenIso): void {
  if (run.bytes === 0 || run.sector * sectorBytes + run.bytes <= fileBytes) return;
  const shown = quoted(name.toString('latin1').replace(/;1$/, ''));
  throw damage(subject, `entry ${shown} is beyond the end of the file (${fileBytes} bytes)`);
}

function tooMany(subject: Subject, { files }: Limits) {
  return overLimit(subject, 'files', `holds more than ${files} files and folders`);
}

/** A directory record of an ISO (ECMA-119 section 9.1): a file, a folder, or one extent of a multi-extent file. */
export interface IsoRecord {
  /** The raw name: bytes in the primary tree, big-endian UCS-2 in a Joliet tree. */
  readonly name: Buffer;
  readonly run: Run;
  readonly isFolder: boolean;
  /** Another record of the same name follows with the next extent. */
  readonly continues: boolean;
  /** The system use area, which contains Rock Ridge entries. */
  readonly use: Buffer;
}

/** The records of a folder, and its record of itself if it comes first, as required. */
export interface IsoRecords {
  readonly records: readonly IsoRecord[];
  readonly own: IsoRecord | undefined;
}

/** Parses the records of a folder, except those of itself and its parent; throws for a broken one, or when `countEntry` does. */
function readRecords(bytes: Buffer, sector: number, subject: Subject, countEntry: () => void): IsoRecords {
  const records: IsoRecord[] = [];
  let own: IsoRecord | undefined;
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] ?? 0;
    const sectorEnd = at - (at % sectorBytes) + sectorBytes;
    if (length === 0) {
      if (bytes.subarray(at, sectorEnd).some((byte) => byte !== 0)) throw broken(sector, subject);
      at = sectorEnd;
      continue;
    }
    const record = bytes.subarray(at, at + length);
    const nameLength = record[32] ?? 0;
    if (at + length > sectorEnd || nameLength === 0 || record.length < 33 + nameLength)
      throw broken(sector, subject);
    const name = record.subarray(33, 33 + nameLength);
    const read = readRecord(record, name, sector, subject);
    if (count === 0 && isName(name, 0)) own = read;
    else if (count !== 1 || !isName(name, 1)) {
      if (isName(name, 0) || isName(name, 1)) throw broken(sector, subject);
      countEntry();
      records.push(read);
    }
    count += 1;
    at += length;
  }
  requireParts(records, sector, subject);
  return { records, own };
}

/** A name of even length is followed by a byte of padding. */
function useOf(record: Buffer, name: Buffer): Buffer {
  return record.subarray(33 + name.length + ((name.length + 1) % 2));
}

/** The one-byte names 0 and 1 are the folder itself and its parent, and come first (ECMA-119 section 6.8.2.2). */
function isName(name: Buffer, byte: number): boolean {
  return name.length === 1 && name[0] === byte;
}

function readRecord(record: Buffer, name: Buffer, sector: number, subject: Subject): IsoRecord {
  const run = { sector: record.readUInt32LE(2), bytes: record.readUInt32LE(10) };
  if (record.readUInt32BE(6) !== run.sector || record.readUInt32BE(14) !== run.bytes)
    throw damage(subject, `the folder at sector ${sector} has a record whose two byte orders differ`);
  const [attributeSectors, unit, gap] = [record[1], record[26], record[27]];
  if (attributeSectors !== 0 || unit !== 0 || gap !== 0)
    throw damage(subject, `the folder at sector ${sector} has a record with attributes or interleaved bytes`);
  const flags = record[25] ?? 0;
  return {
    name,
    run,
    isFolder: (flags & 2) !== 0,
    continues: (flags & 0x80) !== 0,
    use: useOf(record, name),
  };
}

/** Readers disagree on an extent without its successor, and on extents that do not fill their sectors. */
function requireParts(records: readonly IsoRecord[], sector: number, subject: Subject): void {
  for (const [index, { name, run, isFolder, continues }] of records.entries()) {
    if (!continues) continue;
    const next = records[index + 1];
    if (!isFolder && next?.name.equals(name) && !next.isFolder && run.bytes % sectorBytes === 0) continue;
    throw damage(
      subject,
      `the folder at sector ${sector} has a multi-extent file whose extents do not fit together`,
    );
  }
}

function broken(sector: number, subject: Subject) {
  return damage(subject, `the folder at sector ${sector} has a broken record`);
}
