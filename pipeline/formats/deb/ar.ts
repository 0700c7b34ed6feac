import { open } from 'node:fs/promises';
import { quoted, refusal, type Subject } from '../../core/refusal.ts';

/** A member of an ar archive: its name and where its bytes lie in the file. */
export interface ArMemberPlace {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

export const arMagic = '!<arch>\n';

/** A Debian package has three members, and some tools add a signature. */
const maxMembers = 16;
const headerBytes = 60;

/** Lists the members of an ar archive in the common format that Debian packages have (deb(5)); throws when it is damaged. */
export async function listArMembers(file: string, subject: Subject): Promise<ArMemberPlace[]> {
  const archive = await open(file);
  try {
    const { size: fileBytes } = await archive.stat();
    const members: ArMemberPlace[] = [];
    let offset = arMagic.length;
    while (offset < fileBytes) {
      const { buffer, bytesRead } = await archive.read(Buffer.alloc(headerBytes), 0, headerBytes, offset);
      const member = readHeader(buffer.toString('latin1', 0, bytesRead), offset + headerBytes);
      if (member === undefined) throw refusal(subject, `has no member header at byte ${offset}`, hint);
      if (member.offset + member.size > fileBytes)
        throw refusal(subject, `ends before its member ${quoted(member.name)} does`, hint);
      members.push(member);
      if (members.length > maxMembers) throw refusal(subject, `has more than ${maxMembers} members`, hint);
      offset = member.offset + member.size + (member.size % 2);
    }
    return members;
  } finally {
    await archive.close();
  }
}

const hint = 'get the package again and compare its digest';

/** Name in 16 columns, then date, owner, group and mode, which do not matter here, size in 10 columns, and the end mark. */
function readHeader(header: string, offset: number): ArMemberPlace | undefined {
  const match = /^(.{16}).{32}(\d{1,10}) *`\n$/s.exec(header);
  if (match === null || header.length !== headerBytes) return undefined;
  const [, name = '', size = ''] = match;
  return { name: name.trimEnd().replace(/\/$/, ''), offset, size: Number(size) };
}
