import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { damage, quoted, refusal, type Subject } from '../../core/refusal.ts';
import { type ArMemberPlace, listArMembers } from '../../formats/deb/ar.ts';
import { openFile, writeNewFile } from '../../system/files.ts';
import { readToolOutput } from '../../system/tool-output.ts';
import { requireTools, type Tool, tools } from '../../system/tools.ts';

/** A tar of a Debian package in a file of its own, for the programs that read it; `size` in bytes as it lies there. */
export interface DebTar {
  readonly file: string;
  readonly format: TarFormat;
  readonly size: number;
}

/** Where a tar is copied to. */
export interface Carving {
  readonly subject: Subject;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Copies the tar with a package's files or with its control files into a folder; throws when the program that reads it is missing. */
export async function carveTar(
  deb: string,
  which: 'data' | 'control',
  { subject, folder, signal }: Carving,
): Promise<DebTar> {
  const { member, format } = tarMember(await listArMembers(deb, subject), which, subject);
  await requireTools([dataTools[format] ?? []].flat());
  const file = join(folder, `${which}.tar`);
  const { offset, size } = member;
  const range = { start: offset, end: offset + size - 1, highWaterMark: 2 ** 20 };
  const bytes = (await openFile(deb)).createReadStream(range);
  await writeNewFile(file, bytes, signal);
  await requireOneFrame({ file, format }, subject, signal);
  return { file, format, size };
}

/** How the programs count the frames (zstd) or streams (xz) of a file. */
const counts = {
  'tar.xz': { tool: tools.xz, args: ['--robot', '--list'], pattern: /^file\t(\d+)\t/m },
  'tar.zst': { tool: tools.zstd, args: ['--list', '--quiet'], pattern: /^ +(\d+) +0 /m },
} as const;

/** dpkg stops after the first zstd frame or xz stream of a tar, where the programs themselves go on (dpkg 1.21). */
async function requireOneFrame(
  { file, format }: Pick<DebTar, 'file' | 'format'>,
  subject: Subject,
  signal: AbortSignal,
): Promise<void> {
  if (format !== 'tar.xz' && format !== 'tar.zst') return;
  const { tool, args, pattern } = counts[format];
  const failure = (words: string) => damage(subject, words);
  let listed = '';
  const options = { signal, failure, sandbox: { readable: [file] } };
  await readToolOutput(tool, [...args, '--', file], options, async (bytes) => {
    listed = await text(bytes);
  });
  if (pattern.exec(listed)?.[1] === '1') return;
  throw damage(subject, `its ${format} is not compressed in one piece, of which dpkg reads the first`);
}

/** How the tar in a member of a package is compressed. */
type TarFormat = 'tar' | 'tar.gz' | 'tar.xz' | 'tar.zst';

/** The program that reads a format, where one does. */
const dataTools: Readonly<Partial<Record<TarFormat, Tool>>> = {
  'tar.xz': tools.xz,
  'tar.zst': tools.zstd,
};

const tarFormats: readonly TarFormat[] = ['tar', 'tar.gz', 'tar.xz', 'tar.zst'];

/** deb(5): `debian-binary` comes first, and a tar's name says how it is compressed. */
function tarMember(
  members: readonly ArMemberPlace[],
  which: 'data' | 'control',
  subject: Subject,
): { member: ArMemberPlace; format: TarFormat } {
  if (members[0]?.name !== 'debian-binary')
    throw refusal(subject, 'is an ar archive, but no Debian package', 'give a .deb, an ISO or a folder');
  for (const member of members) {
    const format = tarFormats.find((known) => member.name === `${which}.${known}`);
    if (format !== undefined && member.size > 0) return { member, format };
  }
  const names = members.map(({ name }) => quoted(name)).join(', ');
  throw refusal(
    subject,
    `has no ${which}.tar that can be read; its members are ${names}`,
    'get the package again',
  );
}
