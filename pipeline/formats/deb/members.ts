import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { asBuffer, type RandomAccess } from '../random-access.ts';
import { type ArMemberPlace, arMagic, listArMembers } from './ar.ts';

/** What `debian-binary` says in every package of today (deb(5)). */
export const debVersion = '2.0\n';

/** How the tar in a member of a package is compressed. */
export type DebTarFormat = 'tar' | 'tar.gz' | 'tar.xz' | 'tar.zst';

/** Where a tar of a package lies, and how it is compressed. */
export interface DebTarPlace extends ArMemberPlace {
  readonly format: DebTarFormat;
}

/** The members of a package in their order, and what `debian-binary` says, at most its first 64 bytes. */
export interface DebMembers {
  readonly members: readonly ArMemberPlace[];
  readonly version: string;
}

/** Tells a package, or another ar archive, by its first bytes. */
export function isArArchive(head: Uint8Array): boolean {
  return asBuffer(head).toString('latin1', 0, arMagic.length) === arMagic;
}

/** Reads which members a package has; throws for any file that is no package (deb(5): `debian-binary` comes first). */
export async function readDebMembers(deb: RandomAccess, subject: Subject): Promise<DebMembers> {
  if (!isArArchive(await deb.read(0, arMagic.length)))
    throw refusal(subject, 'is no Debian package: it is no ar archive', 'give a .deb');
  const members = await listArMembers(deb, subject);
  const [first] = members;
  if (first?.name !== 'debian-binary')
    throw refusal(subject, 'is an ar archive, but no Debian package', 'give a .deb, an ISO or a folder');
  const version = asBuffer(await deb.read(first.offset, Math.min(first.size, 64))).toString('latin1');
  return { members, version };
}

const tarFormats: readonly DebTarFormat[] = ['tar', 'tar.gz', 'tar.xz', 'tar.zst'];

/** Returns the tar of a package's files or of its control files; a tar's name says how it is compressed (deb(5)). */
export function debTar({ members }: DebMembers, which: 'data' | 'control', subject: Subject): DebTarPlace {
  for (const member of members) {
    const format = tarFormats.find((known) => member.name === `${which}.${known}`);
    if (format !== undefined && member.size > 0) return { ...member, format };
  }
  const names = members.map(({ name }) => quoted(name)).join(', ');
  throw refusal(
    subject,
    `has no ${which}.tar that can be read; its members are ${names}`,
    'get the package again',
  );
}
