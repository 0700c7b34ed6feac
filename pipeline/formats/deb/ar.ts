import { PipelineError } from '../../core/errors.ts';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { asBuffer, type RandomAccess } from '../random-access.ts';

/** A member of an ar archive: its name and the extent of its bytes in the file. */
export interface ArMemberPlace {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

export const arMagic = '!<arch>\n';

/** A Debian package has three members; some tools add a signature. */
const maxMembers = 16;
const headerBytes = 60;

/** Lists the members of an ar archive in the common format of Debian packages (deb(5)); throws when it is damaged. */
export async function listArMembers(archive: RandomAccess, subject: Subject): Promise<ArMemberPlace[]> {
  const members: ArMemberPlace[] = [];
  let offset = arMagic.length;
  while (offset < archive.size) {
    const header = asBuffer(await archive.read(offset, headerBytes)).toString('latin1');
    const member = readHeader(header, offset + headerBytes);
    if (member === undefined) throw refusal(subject, `has no member header at byte ${offset}`, hint);
    if (member.offset + member.size > archive.size)
      throw refusal(subject, `ends within its member ${quoted(member.name)}`, hint);
    members.push(member);
    if (members.length > maxMembers) throw refusal(subject, `has more than ${maxMembers} members`, hint);
    offset = member.offset + member.size + (member.size % 2);
  }
  return members;
}

const hint = 'get the package again and compare its digest';

/** Name in 16 columns; date, owner, group and mode, which are ignored; size in 10 columns; end mark. */
function readHeader(header: string, offset: number): ArMemberPlace | undefined {
  const match = /^(.{16}).{32}(\d{1,10}) *`\n$/s.exec(header);
  if (match === null || header.length !== headerBytes) return undefined;
  const [, name = '', size = ''] = match;
  return { name: name.trimEnd().replace(/\/$/, ''), offset, size: Number(size) };
}

/** A member to write: its name, size and bytes. */
export interface ArMember {
  readonly name: string;
  readonly size: number;
  readonly chunks: Iterable<Buffer> | AsyncIterable<Buffer>;
}

/** Returns a member from bytes in memory. */
export function arMember(name: string, bytes: Buffer): ArMember {
  return { name, size: bytes.length, chunks: [bytes] };
}

/** Yields an ar archive in the common format of deb(5); members are owned by root, with mode 644 and the date `epoch`. */
export async function* arArchive(members: readonly ArMember[], epoch: number): AsyncGenerator<Buffer> {
  yield Buffer.from(arMagic);
  for (const { name, size, chunks } of members) {
    yield arHeader(name, size, epoch);
    yield* chunks;
    if (size % 2 === 1) yield Buffer.from('\n');
  }
}

const maxSize = 9_999_999_999;

/** Name, date, owner, group, mode and size in fixed columns, then the end mark. */
function arHeader(name: string, size: number, epoch: number): Buffer {
  if (size > maxSize) {
    throw new PipelineError('input', {
      place: name,
      message: `has ${size} bytes, but a member of a Debian package may have at most ${maxSize} (deb(5))`,
      hint: 'put fewer drivers on the disc: select fewer, or use the profile "slim"',
    });
  }
  const columns: [value: string, width: number][] = [
    [name, 16],
    [String(epoch), 12],
    ['0', 6],
    ['0', 6],
    ['100644', 8],
    [String(size), 10],
  ];
  return Buffer.from(`${columns.map(([value, width]) => value.padEnd(width)).join('')}\`\n`);
}
