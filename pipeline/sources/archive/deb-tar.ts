import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { damage, type Subject } from '../../core/refusal.ts';
import { type DebTarFormat, debTar, readDebMembers } from '../../formats/deb/members.ts';
import { withRandomAccess } from '../../formats/random-access.ts';
import { openFile, writeNewFile } from '../../system/files.ts';
import { readToolOutput } from '../../system/tool-output.ts';
import { requireTools, type Tool, tools } from '../../system/tools.ts';

/** A tar of a Debian package, copied to a separate file for external programs; `size` is its compressed size in bytes. */
export interface DebTar {
  readonly file: string;
  readonly format: DebTarFormat;
  readonly size: number;
}

/** The destination of a copied tar. */
export interface Carving {
  readonly subject: Subject;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Copies the tar with a package's files or with its control files into a folder; throws when the program to decompress it is missing. */
export async function carveTar(
  deb: string,
  which: 'data' | 'control',
  { subject, folder, signal }: Carving,
): Promise<DebTar> {
  const members = await withRandomAccess(deb, (reader) => readDebMembers(reader, subject));
  const { offset, size, format } = debTar(members, which, subject);
  await requireTools([dataTools[format] ?? []].flat());
  const file = join(folder, `${which}.tar`);
  const range = { start: offset, end: offset + size - 1, highWaterMark: 2 ** 20 };
  const bytes = (await openFile(deb)).createReadStream(range);
  await writeNewFile(file, bytes, signal);
  await requireOneFrame({ file, format }, subject, signal);
  return { file, format, size };
}

/** How to count the frames (zstd) or streams (xz) of a file. */
const counts = {
  'tar.xz': { tool: tools.xz, args: ['--robot', '--list'], pattern: /^file\t(\d+)\t/m },
  'tar.zst': { tool: tools.zstd, args: ['--list', '--quiet'], pattern: /^ +(\d+) +0 /m },
} as const;

/** dpkg stops after the first zstd frame or xz stream of a tar, but zstd and xz continue (dpkg 1.21). */
async function requireOneFrame(
  { file, format }: Pick<DebTar, 'file' | 'format'>,
  subject: Subject,
  signal: AbortSignal,
): Promise<void> {
  if (format !== 'tar.xz' && format !== 'tar.zst') return;
  const { tool, args, pattern } = counts[format];
  const failure = (message: string) => damage(subject, message);
  let listed = '';
  const options = { signal, failure, sandbox: { readable: [file] } };
  await readToolOutput(tool, [...args, '--', file], options, async (bytes) => {
    listed = await text(bytes);
  });
  if (pattern.exec(listed)?.[1] === '1') return;
  throw damage(
    subject,
    `its ${format} has several compressed frames or streams, and dpkg reads only the first`,
  );
}

/** The external program that reads a format, if any. */
const dataTools: Readonly<Partial<Record<DebTarFormat, Tool>>> = {
  'tar.xz': tools.xz,
  'tar.zst': tools.zstd,
};
