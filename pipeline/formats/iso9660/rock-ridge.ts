import { damage, quoted, refusal } from '../../core/refusal.ts';
import { type OpenIso, readRun, sectorBytes } from './volume.ts';

/** The Rock Ridge data of a directory record. */
export interface RockRidge {
  /** Absent where it gives none. */
  readonly name?: string;
  /** Absent where it gives none. */
  readonly kind?: PosixKind;
  /** A folder that Rock Ridge hides because its content is relocated. */
  readonly isHidden?: boolean;
}

/** `special` is a link, device, pipe or socket. */
export type PosixKind = 'file' | 'folder' | 'special';

/** Checks the system use entries (SUSP 1.12) of a disc's records. */
export interface SystemUseCheck {
  readonly hasRockRidge: boolean;
  readonly check: (use: Buffer) => Promise<RockRidge>;
}

/**
 * Creates a checker of the Rock Ridge entries (IEEE P1282) of directory records; `rootUse` has those of the root. It throws on
 * input that readers interpret differently or that makes them hang or exhaust memory: cyclic entries, entries that contradict
 * one another or the root, and files in a special storage form.
 */
export async function startSystemUseCheck(iso: OpenIso, rootUse: Buffer): Promise<SystemUseCheck> {
  const sharing = rootUse.indexOf(sharingProtocol);
  if (sharing > 0) throw damage(iso.subject, 'its root has system use entries before the SP entry');
  if (sharing === -1) {
    if (signatureOf(rootUse) === 'SP') throw damage(iso.subject, 'it has a broken Rock Ridge entry');
    return { hasRockRidge: false, check: async () => ({}) };
  }
  const skip = rootUse[6] ?? 0;
  const readEntries = entryReader(iso);
  const rootEntries = await readEntries(rootUse);
  const hasRockRidge = rootEntries.some((entry) => isRockRidge(entry, iso));
  factsOf(rootEntries, hasRockRidge, iso);
  return {
    hasRockRidge,
    check: async (use) => factsOf(await readEntries(use.subarray(skip)), hasRockRidge, iso),
  };
}

/** The entry SP that the root must begin with. */
const sharingProtocol = Buffer.from([0x53, 0x50, 7, 1, 0xbe, 0xef]);
const maxAreaBytes = 32 * sectorBytes;
const maxHops = 16;

/** Returns a reader of a record's entries that follows CE (continuation) entries. */
function entryReader(iso: OpenIso): (use: Buffer) => Promise<Buffer[]> {
  const { subject } = iso;
  let bytesLeft = iso.limits.files * 1024;
  const readMore = async (entry: Buffer): Promise<Buffer> => {
    const [sector = 0, offset = 0, length = 0] = [4, 12, 20].map((at) => entry.readUInt32LE(at));
    bytesLeft -= offset + length;
    if (offset + length > maxAreaBytes || bytesLeft < 0)
      throw damage(subject, 'it has endless Rock Ridge entries');
    const area = await readRun(iso.reader, { sector, bytes: offset + length }, iso.fileBytes, subject);
    return area.subarray(offset);
  };
  return async (use) => {
    const entries: Buffer[] = [];
    let area: Buffer | undefined = use;
    for (let hops = 0; area !== undefined; hops += 1) {
      if (hops > maxHops) throw damage(subject, 'it has Rock Ridge entries that continue in a cycle');
      const here = entriesOf(area, iso);
      const [more, ...others] = here.filter((entry) => signatureOf(entry) === 'CE');
      if (others.length > 0)
        throw damage(subject, 'it has Rock Ridge entries that continue in two places or in a cycle');
      entries.push(...here);
      area = more === undefined ? undefined : await readMore(withLength(more, 28, iso));
    }
    return entries;
  };
}

/** Each entry has a two-byte signature, its length and version 1; entries of other versions are skipped. */
function entriesOf(area: Buffer, { subject }: OpenIso): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at + 4 <= area.length; ) {
    const length = area[at + 2] ?? 0;
    const entry = area.subarray(at, at + length);
    if (area.toString('latin1', at, at + 2) === 'ST') break;
    if (length < 4 || entry.length < length) throw damage(subject, 'it has a broken Rock Ridge entry');
    if (entry[3] === 1) entries.push(entry);
    at += length;
  }
  return entries;
}

function signatureOf(entry: Buffer): string {
  return entry.toString('latin1', 0, 2);
}

/** ER has the length of the extension's identifier in byte 4 and the identifier from byte 8: the first two are Rock Ridge 1.12, the last one is 1.10. */
function isRockRidge(entry: Buffer, iso: OpenIso): boolean {
  if (signatureOf(entry) !== 'ER') return false;
  const end = 8 + (withLength(entry, 8, iso)[4] ?? 0);
  const id = withLength(entry, end, iso).toString('latin1', 8, end);
  return ['IEEE_P1282', 'IEEE_1282', 'RRIP_1991A'].includes(id);
}

function factsOf(entries: readonly Buffer[], hasRockRidge: boolean, iso: OpenIso): RockRidge {
  const named = (signature: string) => entries.filter((entry) => signatureOf(entry) === signature);
  for (const [signature, what] of Object.entries(unread))
    if (named(signature).length > 0) throw refusal(iso.subject, `has ${what}, which pvdisc does not support`);
  const [modes, names] = [named('PX'), named('NM')];
  if (!hasRockRidge && modes.length + names.length > 0)
    throw damage(iso.subject, 'it has Rock Ridge entries, but its root does not announce Rock Ridge');
  const [mode, ...others] = modes;
  if (others.length > 0) throw damage(iso.subject, 'it has a record with two modes of Rock Ridge');
  const kind = mode === undefined ? undefined : kindOf(mode, named('SL').length > 0, iso);
  const name = nameOf(names, iso);
  return {
    ...(name !== '' && { name }),
    ...(kind !== undefined && { kind }),
    ...(named('RE').length > 0 && { isHidden: true }),
  };
}

/** Entries for content that readers without Rock Ridge see elsewhere or in another form. */
const unread: Readonly<Record<string, string>> = {
  CL: 'folders relocated by Rock Ridge',
  SF: 'sparse files of Rock Ridge',
  ZF: 'files that are compressed with zisofs',
};

/** Bit 0 of the flags: the name continues in the next entry. */
function nameOf(entries: readonly Buffer[], iso: OpenIso): string {
  for (const [index, entry] of entries.entries()) {
    const goesOn = ((withLength(entry, 5, iso)[4] ?? 0) & 1) !== 0;
    if (goesOn === (index === entries.length - 1))
      throw damage(iso.subject, 'it has a Rock Ridge name in parts that do not fit together');
  }
  const name = entries.map(partOfName).join('');
  requireName(name, iso);
  return Buffer.from(name, 'latin1').toString();
}

/** Bits 1 and 2 of the flags denote the folder itself and its parent, whose names in the record are 0 and 1. */
function partOfName(entry: Buffer): string {
  return ((entry[4] ?? 0) & 6) === 0 ? entry.toString('latin1', 5) : '..';
}

/** File types of POSIX (`st_mode`). */
function kindOf(mode: Buffer, hasTarget: boolean, iso: OpenIso): PosixKind {
  const type = withLength(mode, 8, iso).readUInt32LE(4) & 0o170000;
  if (type === 0o100000) return 'file';
  if (type === 0o040000) return 'folder';
  if (type === 0o120000 ? hasTarget : [0o010000, 0o020000, 0o060000, 0o140000].includes(type))
    return 'special';
  throw damage(iso.subject, 'it has a Rock Ridge mode with an unknown file type');
}

function withLength(entry: Buffer, length: number, { subject }: OpenIso): Buffer {
  if (entry.length >= length) return entry;
  throw damage(subject, 'it has a broken Rock Ridge entry');
}

function requireName(name: string, { subject }: OpenIso): void {
  if (!/[/\0]/.test(name) && name !== '.' && name !== '..' && name.length <= 255) return;
  const shown = quoted(Buffer.from(name, 'latin1').toString());
  throw refusal(subject, `has the Rock Ridge name ${shown}, which is unsafe or too long`);
}
