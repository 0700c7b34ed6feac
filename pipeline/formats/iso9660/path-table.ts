import { damage, type Subject } from '../../core/refusal.ts';
import type { IsoFolder } from './folders.ts';
import { type IsoVolume, type OpenIso, readRun } from './volume.ts';

/**
 * Throws when a path table (ECMA-119 section 9.4) does not list exactly the folders of the tree: Windows finds folders by
 * the path table and would see other content than pvdisc checked.
 */
export async function requirePathTables(
  { reader, fileBytes, subject, limits }: OpenIso,
  volume: IsoVolume,
  folders: readonly IsoFolder[],
): Promise<void> {
  const meant = new Set(folders.map(({ name, run, parent }) => rowKey(name, run.sector, parent)));
  const bytes = volume.pathTableBytes;
  if (bytes > limits.files * 264) throw wrong(subject);
  for (const { sector, order } of volume.pathTables) {
    const table = await readRun(reader, { sector, bytes }, fileBytes, subject);
    const rows = readTable(table, order, subject);
    if (rows.length !== meant.size || rows.some((row) => !meant.has(row))) throw wrong(subject);
  }
}

/** Parses rows of: name length, a zero byte, sector, 1-based number of the parent's row, and the name padded to even length. */
function readTable(table: Buffer, order: 'LE' | 'BE', subject: Subject): string[] {
  const sectors: number[] = [];
  const rows: string[] = [];
  for (let at = 0; at < table.length; ) {
    const nameLength = table[at] ?? 0;
    const nameEnd = at + 8 + nameLength;
    if (nameLength === 0 || nameEnd > table.length) throw wrong(subject);
    const sector = table[`readUInt32${order}`](at + 2);
    sectors.push(sector);
    const parent = sectors[table[`readUInt16${order}`](at + 6) - 1];
    if (parent === undefined) throw wrong(subject);
    rows.push(rowKey(table.subarray(at + 8, nameEnd), sector, parent));
    at = nameEnd + (nameLength % 2);
  }
  return rows;
}

function rowKey(name: Buffer, sector: number, parent: number): string {
  return `${sector} ${parent} ${name.toString('hex')}`;
}

function wrong(subject: Subject) {
  return damage(
    subject,
    'its path table, by which Windows finds folders, does not list the folders of the disc',
  );
}
