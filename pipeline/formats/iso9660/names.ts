import type { IsoFile, IsoFolder, IsoTree } from './folders.ts';
import type { NameKind } from './volume.ts';

/** Whose names a view of a tree has. */
export type ViewKind = NameKind | 'rockRidge';

/** A file or folder of an ISO as readers of one kind of names see it. */
export interface IsoView {
  readonly name: string;
  /** From the root, without a leading slash. */
  readonly path: string;
  /** Where its bytes are; of a folder with bytes below it, undefined. */
  readonly runs: readonly IsoFile['run'][];
  /** A link, device, pipe or socket of Rock Ridge. */
  readonly isSpecial: boolean;
  /** Of a folder. */
  readonly entries?: readonly IsoView[];
}

/** Returns the root of a tree with the names of one kind; a file in parts is one. The tree that is read has its names as they are, the others as tools may have meant them. */
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

/** Returns the files below a root, links and other special ones among them. */
export function filesBelow(root: IsoView): IsoView[] {
  const files: IsoView[] = [];
  const open = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of next.entries ?? []) (entry.entries === undefined ? files : open).push(entry);
  }
  return files;
}

/** Files have a version, `;1`, and those of ISO 9660 a dot even without an ending (ECMA-119 section 7.5); names that are cut by their bytes may end within a character. */
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

/** An odd byte at the end is no character and must not pass for none. */
function ucs2(name: Buffer): string {
  if (name.length % 2 === 1) return `${ucs2(name.subarray(0, -1))}\uFFFD`;
  return Buffer.from(name).swap16().toString('utf16le');
}

/**
 * Returns how a name may be written in another tree, the strictest first: as it is; with `_` for what Joliet or UCS-2 does not
 * have, case ignored; and in the letters of ISO 9660 alone (`A_B_C.SYS` for `a-b.c.sys`), whatever a tool puts for the others.
 */
export function spellings(name: string): readonly [string, string, string] {
  return [name, jolietLetters(name), plainLetters(name)];
}

/**
 * Tells whether one of two names may be the other cut by a tool, which may have put a number at its end: only names that are too
 * long for one of the trees are cut.
 */
export function mayBeCut(one: string, other: string, kinds: readonly ViewKind[]): boolean {
  const isShort = kinds.includes('primary');
  if (![one, other].some((name) => isTooLong(name, isShort))) return false;
  return sharesStart(one, other);
}

/** Tells whether two names are the same up to a number at the end of either, in their letters of ISO 9660. */
export function sharesStart(one: string, other: string): boolean {
  const [first, second] = [parts(one), parts(other)];
  return (
    ((isCutOf(first.stem, second.stem) || isNumbered(first.stem, second.stem)) &&
      startsSame(first.ending, second.ending)) ||
    isCutOf(plainLetters(one), plainLetters(other))
  );
}

/** Returns the number of letters that two names have in common at their start. */
export function commonStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
}

/** Joliet has room for 64 characters, and some tools write UTF-8 as if each byte were one; ISO 9660 level 1 for 8 and an ending of 3. */
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

/** genisoimage writes these endings in three letters. */
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

/** genisoimage puts three digits to the base of 36 at the end of eight letters. */
function isNumbered(one: string, other: string): boolean {
  const same = commonStart(one, other);
  return same >= 4 && [one, other].some((name) => /^[0-9A-Z]{3}$/.test(name.slice(same)));
}

function startsSame(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
