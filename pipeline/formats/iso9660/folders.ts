import { type Limits, overLimit, startBudget } from '../../core/limits.ts';
import { damage, quoted, refusal, type Subject } from '../../core/refusal.ts';
import { type RockRidge, type SystemUseCheck, startSystemUseCheck } from './rock-ridge.ts';
import { type OpenIso, type Run, readRun, sectorBytes } from './volume.ts';

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
      throw refusal(
        subject,
        'has folders in another place than Rock Ridge shows them, which pvdisc does not read',
      );
    checkUse ??= await startSystemUseCheck(iso, own?.use ?? Buffer.alloc(0));
    for (const record of records) {
      const rockRidge = await checkUse.check(record.use);
      requireInside(record, iso);
      if (rockRidge.kind !== undefined && (rockRidge.kind === 'folder') !== record.isFolder)
        throw damage(
          subject,
          `the folder at sector ${run.sector} has a record that is a folder in one tree alone`,
        );
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
    requireOwn(own, run, subject);
  }
  return { folders, files, hasRockRidge: checkUse?.hasRockRidge === true };
}

function startFolder(name: Buffer, rockRidge: RockRidge, run: Run, parent: number): IsoFolder {
  return { name, rockRidge, run, parent, folders: [], files: [] };
}

/** Some readers follow the record by which a folder stands for itself (ECMA-119 section 6.8.2.2). */
function requireOwn(own: IsoRecord | undefined, { sector, bytes }: Run, subject: Subject): void {
  if (own === undefined) throw broken(sector, subject);
  if (own.isFolder && !own.continues && own.run.sector === sector && own.run.bytes === bytes) return;
  throw damage(subject, `the folder at sector ${sector} has a record of itself that leads elsewhere`);
}

function requireInside({ name, run }: IsoRecord, { fileBytes, subject }: OpenIso): void {
  if (run.bytes === 0 || run.sector * sectorBytes + run.bytes <= fileBytes) return;
  const shown = quoted(name.toString('latin1').replace(/;1$/, ''));
  throw damage(subject, `entry ${shown} lies beyond the end of the file (${fileBytes} bytes)`);
}

function tooMany(subject: Subject, { files }: Limits) {
  return overLimit(subject, 'files', `holds more than ${files} files and folders`);
}

/** A directory record of an ISO (ECMA-119 section 9.1): one file or folder, or one part of a large file. */
export interface IsoRecord {
  /** As it is on the disc: bytes of the primary tree, UCS-2 in big-endian order in that of Joliet. */
  readonly name: Buffer;
  readonly run: Run;
  readonly isFolder: boolean;
  /** Another record of the same name follows with the next part. */
  readonly continues: boolean;
  /** The system use area, where Rock Ridge keeps what it adds. */
  readonly use: Buffer;
}

/** What a folder's bytes hold: its records, and the first one where it stands for the folder itself, as it should. */
export interface IsoRecords {
  readonly records: readonly IsoRecord[];
  readonly own: IsoRecord | undefined;
}

/** Reads the records in the bytes of a folder, without those of itself and its parent; throws where one is broken, and as `countEntry` does. */
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

/** The names of one byte, 0 and 1, stand for the folder itself and its parent, and come first (ECMA-119 section 6.8.2.2). */
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

/** Readers disagree on what a part without a next one means, and on parts that do not fill their sectors. */
function requireParts(records: readonly IsoRecord[], sector: number, subject: Subject): void {
  for (const [index, { name, run, isFolder, continues }] of records.entries()) {
    if (!continues) continue;
    const next = records[index + 1];
    if (!isFolder && next?.name.equals(name) && !next.isFolder && run.bytes % sectorBytes === 0) continue;
    throw damage(subject, `the folder at sector ${sector} has a file in parts that do not fit together`);
  }
}

function broken(sector: number, subject: Subject) {
  return damage(subject, `the folder at sector ${sector} has a broken record`);
}
