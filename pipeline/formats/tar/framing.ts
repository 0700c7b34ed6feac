import { damage, quoted, type Subject } from '../../core/refusal.ts';

/** `asDpkg` accepts only what dpkg, GNU tar and tar-stream are known to read in the same way: ustar and GNU headers, no pax. */
export interface TarFraming {
  readonly subject: Subject;
  readonly asDpkg?: boolean;
}

const block = 512;
const zeros = Buffer.alloc(block);

/** Far more than the long names and pax values of an entry need. */
const mostExtendedBytes = 2 ** 20;

/**
 * Passes the bytes of a tar on, and throws where programs disagree about its entries: after its end mark (dpkg and GNU tar
 * stop there, tar-stream continues), at a size that is not plain octal or base 256, and where a pax size contradicts the header's.
 */
export async function* framed(chunks: AsyncIterable<Buffer>, framing: TarFraming): AsyncGenerator<Buffer> {
  const reader = startFraming(framing);
  for await (const chunk of chunks) {
    reader(chunk);
    yield chunk;
  }
}

function startFraming({ subject, asDpkg = false }: TarFraming): (chunk: Buffer) => void {
  const header = Buffer.alloc(block);
  const pax: Buffer[] = [];
  const longs = new Set<string>();
  let filled = 0;
  let skip = 0;
  let isPax = false;
  let paxSize: number | undefined;
  let isOver = false;

  const startEntry = () => {
    if (header.toString('latin1', 257, 262) !== 'ustar')
      throw damage(subject, 'Invalid tar header: unknown format');
    const type = String.fromCharCode(header[156] || 0x30);
    const name = quoted(textAt(header, 0, 100));
    const size = headerSize(header);
    if (size === undefined) throw damage(subject, `entry ${name} has no valid size`);
    if (asDpkg) requireDpkg(header, type, size, longs, subject);
    const isExtended = 'xgLKN'.includes(type);
    if (isExtended && size > mostExtendedBytes)
      throw damage(subject, `entry ${name} has more than ${mostExtendedBytes} bytes of names and values`);
    if (!isExtended && paxSize !== undefined && paxSize !== size && paxSize <= largestOctal)
      throw damage(
        subject,
        `entry ${name} has ${size} bytes in its header, but ${paxSize} in its pax header`,
      );
    const bytes = isExtended ? size : (paxSize ?? size);
    skip = Math.ceil(bytes / block) * block;
    isPax = type === 'x' || type === 'g';
    if (isPax) pax.length = 0;
    if (!isExtended || type === 'x') paxSize = undefined;
  };
  const endPax = () => {
    const type = String.fromCharCode(header[156] ?? 0);
    const size = sizeOfPax(Buffer.concat(pax).subarray(0, headerSize(header)), subject);
    if (type === 'g' && size !== undefined) throw damage(subject, 'a global pax header has a size');
    if (type === 'x') paxSize = size;
    isPax = false;
  };

  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(skip > 0 ? skip : block - filled, chunk.length - at);
      const bytes = chunk.subarray(at, at + taken);
      at += taken;
      if (skip > 0) {
        if (isPax) pax.push(bytes);
        skip -= taken;
        if (skip === 0 && isPax) endPax();
        continue;
      }
      bytes.copy(header, filled);
      filled = (filled + taken) % block;
      if (filled !== 0) continue;
      if (header.equals(zeros)) isOver = true;
      else if (isOver) throw damage(subject, 'the tar continues after its end mark (a block of zeros)');
      else startEntry();
    }
  };
}

const largestOctal = 0o77777777777;

/** Octal digits after spaces, up to a space or NUL; or a positive number in base 256 (GNU). */
function headerSize(header: Buffer): number | undefined {
  const field = header.subarray(124, 136);
  if (field[0] === 0x80) return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  const digits = /^ *([0-7]+)[ \0]*$/.exec(field.toString('latin1'))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

/** Returns the size of the next entry from a pax header (POSIX pax, records "<length> <key>=<value>\n"). */
function sizeOfPax(bytes: Buffer, subject: Subject): number | undefined {
  let size: number | undefined;
  for (let at = 0; at < bytes.length; ) {
    const length = Number(/^\d{1,8}(?= )/.exec(bytes.toString('latin1', at, at + 9))?.[0] ?? 0);
    const record = bytes.toString('latin1', at, at + length);
    const [, key, value = ''] = /^\d+ ([^=]+)=(.*)\n$/s.exec(record) ?? [];
    if (record.length !== length || key === undefined) throw damage(subject, 'it has a broken pax header');
    if (key === 'size') {
      if (!/^\d{1,15}$/.test(value)) throw damage(subject, 'a pax header has no valid size');
      size = Number(value);
    }
    at += length;
  }
  return size;
}

/** dpkg stops at an entry without a name, treats other magic numbers as tars without prefix, and refuses other types. */
function requireDpkg(header: Buffer, type: string, size: number, longs: Set<string>, subject: Subject): void {
  const name = textAt(header, 0, 100);
  if (name === '') throw damage(subject, 'an entry has no name');
  const magic = header.toString('latin1', 257, 265);
  if (magic !== 'ustar\x0000' && magic !== 'ustar  \0')
    throw damage(subject, `entry ${quoted(name)} has a format that dpkg and GNU tar read differently`);
  if (!'0123456LK'.includes(type))
    throw damage(
      subject,
      `entry ${quoted(name)} is of the type ${quoted(type)}, which dpkg does not support`,
    );
  const isLong = type === 'L' || type === 'K';
  if (isLong && (size < 2 || longs.has(type))) throw damage(subject, 'it has a long name without an entry');
  if (isLong) longs.add(type);
  else longs.clear();
}

function textAt(header: Buffer, start: number, length: number): string {
  return header.toString('latin1', start, start + length).replace(/\0.*$/s, '');
}
