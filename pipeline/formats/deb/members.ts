import { quoted, refusal, type Subject } from '../../core/refusal.ts';
import { asBuffer, type RandomAccess } from '../random-access.ts';
import { type ArMemberPlace, arMagic, listArMembers } from './ar.ts';

/** The content of `debian-binary` in every current package (deb(5)). */
export const debVersion = '2.0\n';

/** The compression of the tar in a member of a package. */
export type DebTarFormat = 'tar' | 'tar.gz' | 'tar.xz' | 'tar.zst';

/** The extent of a tar in a package, and its compression. */
export interface DebTarPlace extends ArMemberPlace {
  readonly format: DebTarFormat;
}

/** The members of a package in order, and at most the first 64 bytes of `debian-binary`. */
export interface DebMembers {
  readonly members: readonly ArMemberPlace[];
  readonly version: string;
}

/** Returns whether a file is a package or another ar archive, by its first bytes. */
export function isArArchive(head: Uint8Array): boolean {
  return asBuffer(head).toString('latin1', 0, arMagic.length) === arMagic;
}

/** Reads the list of members of a package; throws for any other file (deb(5): `debian-binary` comes first). */
export async function readDebMembers(deb: RandomAccess, subject: Subject): Promise<DebMembers> {
  if (!isArArchive(await deb.read(0, arMagic.length)))
    throw refusal(subject, 'is not a Debian package: it is not an ar archive', 'give a .deb');
  const members = await listArMembers(deb, subject);
  const [first] = members;
  if (first?.name !== 'debian-binary')
    throw refusal(subject, 'is an ar archive, but not a Debian package', 'give a .deb, an ISO or a folder');
  const version = asBuffer(await deb.read(first.offset, Math.min(first.size, 64))).toString('latin1');
  return { members, version };
}

const tarFormats: readonly DebTarFormat[] = ['tar', 'tar.gz', 'tar.xz', 'tar.zst'];

/** Returns the tar of a package's files or of its control files; its name gives its compression (deb(5)). */
export function debTar({ members }: DebMembers, which: 'data' | 'control', subject: Subject): DebTarPlace {
  for (const member of members) {
    const format = tarFormats.find((known) => member.name === `${which}.${known}`);
    if (format !== undefined && member.size > 0) return { ...member, format };
  }
  const names = members.map(({ name }) => quoted(name)).join(', ');
  throw refusal(subject, `has no readable ${which}.tar; its members are ${names}`, 'get the package again');
}
