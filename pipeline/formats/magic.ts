import { decodeHTML } from 'entities';
import { quoted } from '../core/refusal.ts';

export type Format = 'zip' | 'tar' | 'tar.gz' | 'tar.xz' | 'tar.zst' | 'iso';

interface Magic<Name> {
  readonly name: Name;
  readonly at: number;
  readonly hex: string;
}

const known: readonly Magic<Format>[] = [
  { name: 'zip', at: 0, hex: '504b0304' },
  { name: 'zip', at: 0, hex: '504b0506' },
  { name: 'tar.gz', at: 0, hex: '1f8b' },
  { name: 'tar.xz', at: 0, hex: 'fd377a585a00' },
  { name: 'tar.zst', at: 0, hex: '28b52ffd' },
  { name: 'tar', at: 257, hex: '7573746172' },
  { name: 'iso', at: 32769, hex: '4344303031' },
];

/** First line of a pointer (git-lfs, docs/spec.md). */
const lfsPointer = Buffer.from('version https://git-lfs.github.com/spec/v1').toString('hex');

const others: readonly Magic<string>[] = [
  { name: 'a 7z archive', at: 0, hex: '377abcaf271c' },
  { name: 'a cabinet file', at: 0, hex: '4d534346' },
  { name: 'an RPM package', at: 0, hex: 'edabeedb' },
  { name: 'a Debian package or other ar archive', at: 0, hex: '213c617263683e' },
  { name: 'a bzip2 file', at: 0, hex: '425a68' },
  { name: 'a RAR archive', at: 0, hex: '52617221' },
  { name: 'an MSI package', at: 0, hex: 'd0cf11e0a1b11ae1' },
  { name: 'a pointer of Git LFS, in whose place "git lfs pull" brings the file', at: 0, hex: lfsPointer },
];

/** Detects the format by magic bytes; undefined when pvdisc cannot unpack it. */
export function formatOf(head: Buffer): Format | undefined {
  return known.find((magic) => hasMagic(head, magic))?.name;
}

/** Describes an unexpected file by its first bytes. */
export function describe(head: Buffer): string {
  return knownKind(head) ?? 'of no known format';
}

/** Says what a file is that has the name of a driver or a catalog; undefined for one that can be meant as such. */
export function unexpectedKind(bytes: Uint8Array): string | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return knownKind(file) ?? (isOld(file) ? 'a program for DOS or 16-bit Windows' : textKind(file));
}

/** Returns whether a program has no PE header where its DOS header says, but one of 16-bit Windows (NE), of VxDs (LE), or none. */
function isOld(file: Buffer): boolean {
  if (file.length < 64 || file.toString('latin1', 0, 2) !== 'MZ') return false;
  const at = file.readUInt32LE(60);
  return at === 0 || ['NE', 'LE'].includes(file.toString('latin1', at, at + 2));
}

function textKind(file: Buffer): string | undefined {
  return /^[\t\r\n -~]+$/.test(file.toString('latin1', 0, 4096)) ? 'a text file' : undefined;
}

/** Says what a file is that begins like an archive, a package, a web page or another known kind; undefined for other files. */
export function knownKind(head: Buffer): string | undefined {
  const format = formatOf(head);
  if (format !== undefined) return format === 'iso' ? 'an ISO' : `a ${format} archive`;
  if (head.length === 0) return 'an empty file';
  const title = webPageTitle(head);
  if (title !== undefined) return title === '' ? 'a web page' : `a web page (${quoted(title)})`;
  return others.find((magic) => hasMagic(head, magic))?.name;
}

/** Returns the first 120 characters of the title of an HTML page, empty without one; undefined for other input. */
export function webPageTitle(head: Buffer): string | undefined {
  const text = textOf(head);
  if (
    !/^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,2000}>\s*)?<(?:!doctype\s+html|html|head|title|body)\b/i.test(
      text,
    )
  ) {
    return undefined;
  }
  const title = /<title[^>]{0,200}>([^<]{0,4000})/i.exec(text)?.[1] ?? '';
  return decodeHTML(title)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 120);
}

/** A page is UTF-8 unless its byte order mark says that it is UTF-16 (WHATWG Encoding, "BOM sniff"). */
function textOf(head: Buffer): string {
  const mark = head.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(head);
}

function hasMagic(head: Buffer, { at, hex }: Magic<unknown>): boolean {
  return head.subarray(at, at + hex.length / 2).toString('hex') === hex;
}
