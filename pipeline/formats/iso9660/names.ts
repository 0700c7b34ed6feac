import type { IsoFile, IsoFolder, IsoTree } from './folders.ts';
import type { NameKind } from './volume.ts';

/** The source of names in a view of a tree. */
export type ViewKind = NameKind | 'rockRidge';

/** A file or folder of an ISO under one kind of names. */
export interface IsoView {
  readonly name: string;
  /** From the root, without a leading slash. */
  readonly path: string;
  /** The runs of a file; undefined for a folder with content. */
  readonly runs: readonly IsoFile['run'][];
  /** A link, device, pipe or socket of Rock Ridge. */
  readonly isSpecial: boolean;
  /** Of a folder. */
  readonly entries?: readonly IsoView[];
}

/** Returns the root of a tree under one kind of names, with multi-extent files joined. Names are exact in the tree that is read, and lenient in the others. */
export function viewOf({ folders: [root] }: IsoTree, kind: ViewKind, isRead: boolean): IsoView {
  return folderView(root, '', '', { kind, isRead });
}

interface Naming {
  readonly kind: ViewKind;
  readonly isRead: boolean;
}

function folderView({ folders, files }: IsoFolder, name: string, path: string, naming: Naming): IsoView {
  const placed = (entry: IsoFile | IsoFolder, isFolder: boolean) => {
    const own = nameOf(entry, naming, isFolder);
    return { name: own, path: path === '' ? own : `${path}/${own}` };
  };
  const entries: IsoView[] = folders.map((folder) => {
    const { name: own, path: below } = placed(folder, true);
    return folderView(folder, own, below, naming);
  });
  let runs: IsoFile['run'][] = [];
  for (const file of files) {
    runs.push(file.run);
    if (file.continues) continue;
    entries.push({ ...placed(file, false), runs, isSpecial: file.rockRidge.kind === 'special' });
    runs = [];
  }
  return { name, path, runs: [], isSpecial: false, entries };
}

/** Returns the files below a root, including links and other special files. */
export function filesBelow(root: IsoView): IsoView[] {
  const files: IsoView[] = [];
  const open = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of next.entries ?? []) (entry.entries === undefined ? files : open).push(entry);
  }
  return files;
}

/** Removes the version `;1` and the dot that ISO 9660 writes even without an extension (ECMA-119 section 7.5); a name truncated by bytes may end within a character. */
function nameOf(
  { name, rockRidge }: IsoFile | IsoFolder,
  { kind, isRead }: Naming,
  isFolder: boolean,
): string {
  if (kind === 'rockRidge' && rockRidge.name !== undefined) return rockRidge.name;
  const written = kind === 'joliet' ? ucs2(name) : utf8(name, isRead);
  if (isFolder) return written;
  const unversioned = written.replace(/;\d+$/, '');
  if (kind === 'joliet' || (isRead && unversioned === written)) return unversioned;
  return unversioned.replace(/(?<=[^.])\.$/, '');
}

function utf8(name: Buffer, isRead: boolean): string {
  const text = name.toString('utf8');
  return isRead ? text : text.replaceAll('\uFFFD', '_');
}

/** A trailing odd byte is not a character and must not be dropped. */
function ucs2(name: Buffer): string {
  if (name.length % 2 === 1) return `${ucs2(name.subarray(0, -1))}\uFFFD`;
  return Buffer.from(name).swap16().toString('utf16le');
}

/**
 * Returns the spellings of a name in another tree, the strictest first: unchanged; with `_` for characters that Joliet or UCS-2
 * lacks, ignoring case; and in the characters of ISO 9660 only (`A_B_C.SYS` for `a-b.c.sys`), whatever a tool substitutes.
 */
export function spellings(name: string): readonly [string, string, string] {
  return [name, jolietLetters(name), plainLetters(name)];
}

/**
 * Returns whether one of two names may be the other one truncated, possibly with a number appended: tools truncate only
 * names that are too long for a tree.
 */
export function mayBeCut(one: string, other: string, kinds: readonly ViewKind[]): boolean {
  const isShort = kinds.includes('primary');
  if (![one, other].some((name) => isTooLong(name, isShort))) return false;
  return sharesStart(one, other);
}

/** Returns whether two names are equal in ISO 9660 characters, except for a number at the end of either. */
export function sharesStart(one: string, other: string): boolean {
  const [first, second] = [parts(one), parts(other)];
  return (
    ((isCutOf(first.stem, second.stem) || isNumbered(first.stem, second.stem)) &&
      startsSame(first.ending, second.ending)) ||
    isCutOf(plainLetters(one), plainLetters(other))
  );
}

/** Returns the length of the common prefix of two names. */
export function commonStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
}

/** Joliet allows 64 characters, and some tools count UTF-8 bytes instead; ISO 9660 level 1 allows 8 and an extension of 3. */
function isTooLong(name: string, isShort: boolean): boolean {
  if (!isShort) return Buffer.byteLength(name) > 64;
  return plainLetters(name).length > 8 || parts(name).ending.length > 3;
}

function jolietLetters(name: string): string {
  return name
    .normalize('NFC')
    .replace(/[*/:;?\\]|[\u{10000}-\u{10ffff}]/gu, '_')
    .toUpperCase();
}

/** genisoimage shortens these extensions to three letters. */
function shortEnding(name: string): string {
  return name.replace(/\.tar\.gz$/i, '.tgz').replace(/\.ps\.gz$/i, '.psz');
}

function plainLetters(name: string): string {
  return shortEnding(name)
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/(?<=.)_$/, '')
    .toUpperCase();
}

function parts(long: string): { stem: string; ending: string } {
  const name = shortEnding(long);
  const dot = name.lastIndexOf('.');
  if (dot <= 0) return { stem: plainLetters(name), ending: '' };
  return { stem: plainLetters(name.slice(0, dot)), ending: plainLetters(name.slice(dot + 1)) };
}

function isCutOf(one: string, other: string): boolean {
  const same = commonStart(one, other);
  return same > 0 && [one, other].some((name) => /^_?\d{0,7}$/.test(name.slice(same)));
}

/** genisoimage appends three base-36 digits to names of eight characters. */
function isNumbered(one: string, other: string): boolean {
  const same = commonStart(one, other);
  return same >= 4 && [one, other].some((name) => /^[0-9A-Z]{3}$/.test(name.slice(same)));
}

function startsSame(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
