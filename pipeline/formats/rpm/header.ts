import { damage, type Subject } from '../../core/refusal.ts';
import { asBuffer, type RandomAccess } from '../random-access.ts';

/** A header section of an RPM package (RPM V4 package format): its extent in the file, and its values by tag. */
export interface RpmHeader {
  readonly offset: number;
  readonly size: number;
  readonly number: (tag: number) => number | undefined;
  readonly numbers: (tag: number) => number[];
  readonly text: (tag: number) => string | undefined;
  readonly texts: (tag: number) => string[];
}

interface Entry {
  readonly type: number;
  readonly at: number;
  readonly count: number;
}

/** Bytes of the introduction, and of each entry of the index. */
const introBytes = 16;
const entryBytes = 16;
const magic = '8eade801';

/** The limits of rpm itself (lib/header.c, `hdrchkTags`, and 256 MB of data, here a quarter of it). */
const mostEntries = 0xffff;
const mostBytes = 2 ** 26;

/** Reads the header at an offset; throws where rpm could read another value than this, or none. */
export async function readRpmHeader(rpm: RandomAccess, offset: number, subject: Subject): Promise<RpmHeader> {
  const intro = asBuffer(await rpm.read(offset, introBytes));
  if (intro.length < introBytes || intro.toString('hex', 0, 4) !== magic)
    throw damage(subject, `it has no RPM header at byte ${offset}`);
  const count = intro.readUInt32BE(8);
  const dataBytes = intro.readUInt32BE(12);
  const size = introBytes + count * entryBytes + dataBytes;
  if (count > mostEntries || dataBytes > mostBytes)
    throw damage(subject, `the RPM header at byte ${offset} has ${count} entries and ${dataBytes} bytes`);
  if (offset + size > rpm.size) throw damage(subject, 'it ends within an RPM header');
  const bytes = asBuffer(await rpm.read(offset + introBytes, size - introBytes));
  if (bytes.length !== size - introBytes) throw damage(subject, 'it ends within an RPM header');
  const data = bytes.subarray(count * entryBytes);
  const entries = readIndex(bytes, count, subject);
  const numbers = (tag: number) => numbersOf(data, entries.get(tag), tag, subject);
  const texts = (tag: number) => textsOf(data, entries.get(tag), tag, subject);
  return {
    offset,
    size,
    numbers,
    texts,
    number: (tag) => numbers(tag)[0],
    text: (tag) => texts(tag)[0],
  };
}

function readIndex(bytes: Buffer, count: number, subject: Subject): Map<number, Entry> {
  const entries = new Map<number, Entry>();
  for (let index = 0; index < count; index += 1) {
    const at = index * entryBytes;
    const tag = bytes.readUInt32BE(at);
    if (entries.has(tag)) throw damage(subject, `the RPM tag ${tag} occurs twice`);
    const [type, offset, values] = [4, 8, 12].map((field) => bytes.readUInt32BE(at + field));
    entries.set(tag, { type: type ?? 0, at: offset ?? 0, count: values ?? 0 });
  }
  return entries;
}

/** Bytes of each value of the integer types CHAR to INT64. */
const widths: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 };

function numbersOf(data: Buffer, entry: Entry | undefined, tag: number, subject: Subject): number[] {
  if (entry === undefined) return [];
  const width = widths[entry.type];
  if (width === undefined) throw damage(subject, `the RPM tag ${tag} holds no numbers`);
  if (entry.at + entry.count * width > data.length)
    throw damage(subject, `the values of the RPM tag ${tag} lie outside its header`);
  return Array.from({ length: entry.count }, (_, index) => {
    const at = entry.at + index * width;
    return width === 8 ? Number(data.readBigUInt64BE(at)) : data.readUIntBE(at, width);
  });
}

/** The types STRING, STRING_ARRAY and I18NSTRING. */
const textTypes: readonly number[] = [6, 8, 9];

function textsOf(data: Buffer, entry: Entry | undefined, tag: number, subject: Subject): string[] {
  if (entry === undefined) return [];
  if (!textTypes.includes(entry.type)) throw damage(subject, `the RPM tag ${tag} holds no text`);
  const values: string[] = [];
  for (let at = entry.at; values.length < entry.count; ) {
    const end = at < data.length ? data.indexOf(0, at) : -1;
    if (end === -1) throw damage(subject, `the values of the RPM tag ${tag} lie outside its header`);
    values.push(data.toString('utf8', at, end));
    at = end + 1;
  }
  return values;
}
