import { damage } from '../../core/damage.ts';
import { quoted, refusal } from '../../core/refusal.ts';
import { type OpenIso, readRun, sectorBytes } from './volume.ts';

/** What Rock Ridge adds to a record. */
export interface RockRidge {
  /** Absent where it gives none. */
  readonly name?: string;
  /** A link, device, pipe or socket. */
  readonly isSpecial: boolean;
}

/** Checks the system use entries (SUSP 1.12) of a disc's records, one after another. */
export interface SystemUseCheck {
  readonly hasRockRidge: boolean;
  readonly check: (use: Buffer) => Promise<RockRidge>;
}

/**
 * Starts checking the entries that Rock Ridge (IEEE P1282) adds to directory records; `rootUse` is those of the root itself.
 * Throws on what xorriso never ends on (areas and folders that lead back into themselves), what fills the memory, and
 * names that it would quietly change.
 */
export async function startSystemUseCheck(iso: OpenIso, rootUse: Buffer): Promise<SystemUseCheck> {
  const sharing = rootUse.indexOf(sharingProtocol);
  if (sharing === -1) return { hasRockRidge: false, check: async () => ({ isSpecial: false }) };
  const skip = rootUse[sharing + 6] ?? 0;
  let bytesLeft = iso.limits.files * 1024;
  const readMore = async (entry: Buffer): Promise<Buffer> => {
    const [sector, offset, length] = [4, 12, 20].map((at) => entry.readUInt32LE(at)) as [
      number,
      number,
      number,
    ];
    bytesLeft -= offset + length;
    if (offset + length > maxAreaBytes || bytesLeft < 0)
      throw damage(iso.subject, 'it has endless Rock Ridge entries');
    const area = await readRun(iso.handle, { sector, bytes: offset + length }, iso.fileBytes, iso.subject);
    return area.subarray(offset);
  };
  const check: SystemUseCheck['check'] = async (use) => {
    const areas = [use];
    let name = '';
    let isSpecial = false;
    for (let hops = 0; areas.length > 0; hops += 1) {
      if (hops > maxHops) throw damage(iso.subject, 'it has Rock Ridge entries that go on in a circle');
      for (const entry of entriesOf(areas.pop() ?? use, iso)) {
        const signature = entry.toString('latin1', 0, 2);
        if (signature === 'CL')
          throw refusal(
            iso.subject,
            'has folders in another place than Rock Ridge shows them, which pvdisc does not read',
          );
        if (signature === 'PX') isSpecial = isSpecialMode(withLength(entry, 8, iso).readUInt32LE(4));
        if (signature === 'NM') name += partOfName(entry, iso);
        if (signature === 'CE') areas.push(await readMore(withLength(entry, 28, iso)));
      }
    }
    requireName(name, iso);
    return { ...(name !== '' && { name: Buffer.from(name, 'latin1').toString() }), isSpecial };
  };
  await check(rootUse.subarray(sharing));
  return { hasRockRidge: true, check: (use) => check(use.subarray(skip)) };
}

/** The entry SP that the root must begin with. */
const sharingProtocol = Buffer.from([0x53, 0x50, 7, 1, 0xbe, 0xef]);
const maxAreaBytes = 32 * sectorBytes;
const maxHops = 16;

/** Each entry has a signature of two bytes, its length and the version 1; anything else ends the area. */
function* entriesOf(area: Buffer, iso: OpenIso): Generator<Buffer> {
  for (let at = 0; at + 4 <= area.length && area[at + 3] === 1; ) {
    const length = area[at + 2] ?? 0;
    if (length < 4 || at + length > area.length)
      throw damage(iso.subject, 'it has a broken Rock Ridge entry');
    const entry = area.subarray(at, at + length);
    if (entry.toString('latin1', 0, 2) === 'ST') return;
    yield entry;
    at += length;
  }
}

function withLength(entry: Buffer, length: number, { subject }: OpenIso): Buffer {
  if (entry.length >= length) return entry;
  throw damage(subject, 'it has a broken Rock Ridge entry');
}

/** Bits 1 and 2 of the flags stand for the folder itself and its parent; their names are 0 and 1 in the record. */
function partOfName(entry: Buffer, iso: OpenIso): string {
  const flags = withLength(entry, 5, iso)[4] ?? 0;
  return (flags & 6) === 0 ? entry.toString('latin1', 5) : '..';
}

/** File types of POSIX (`st_mode`): all but plain files and folders. */
function isSpecialMode(mode: number): boolean {
  return ![0, 0o040000, 0o100000].includes(mode & 0o170000);
}

function requireName(name: string, { subject }: OpenIso): void {
  if (!/[/\0]/.test(name) && name !== '.' && name !== '..' && name.length <= 255) return;
  const shown = quoted(Buffer.from(name, 'latin1').toString());
  throw refusal(subject, `has the Rock Ridge name ${shown}, which leads elsewhere or is too long`);
}
