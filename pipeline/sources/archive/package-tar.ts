import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { damage, type Subject } from '../../core/refusal.ts';
import { type DebTarFormat, debTar, readDebMembers } from '../../formats/deb/members.ts';
import { withRandomAccess } from '../../formats/random-access.ts';
import { cpioAsTar, type RpmFacts } from '../../formats/rpm/index.ts';
import { openFile, writeNewFile } from '../../system/files.ts';
import { readToolOutput } from '../../system/tool-output.ts';
import { requireTools, type Tool, tools } from '../../system/tools.ts';
import { withTarStream } from './decompress.ts';

/** An archive in a package, copied to a separate file for external programs; `size` is its compressed size in bytes. */
export interface PackedTar {
  readonly file: string;
  readonly format: DebTarFormat;
  readonly size: number;
  readonly archive: 'tar' | 'cpio';
}

/** Passes an archive of a package to `read` as a tar. */
export function withPackedTar(
  packed: PackedTar,
  { subject, signal }: Omit<Carving, 'folder'>,
  read: (tar: Readable) => Promise<void>,
): Promise<void> {
  return withTarStream({ ...packed, subject, signal }, (bytes) =>
    read(packed.archive === 'tar' ? bytes : cpioAsTar(bytes, subject)),
  );
}

/** The destination of a copied tar. */
export interface Carving {
  readonly subject: Subject;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Copies the tar with a package's files or with its control files into a folder; throws when the program to decompress it is missing. */
export async function carveTar(deb: string, which: 'data' | 'control', carving: Carving): Promise<PackedTar> {
  const { subject } = carving;
  const members = await withRandomAccess(deb, (reader) => readDebMembers(reader, subject));
  return carve(deb, debTar(members, which, subject), `${which}.tar`, carving);
}

/** Copies the payload of an RPM package, like `carveTar`. */
export async function carvePayload(
  rpm: string,
  { payload }: Pick<RpmFacts, 'payload'>,
  carving: Carving,
): Promise<PackedTar> {
  return { ...(await carve(rpm, payload, 'payload', carving)), archive: 'cpio' };
}

async function carve(
  from: string,
  { offset, size, format }: RpmFacts['payload'],
  name: string,
  { subject, folder, signal }: Carving,
): Promise<PackedTar> {
  await requireTools([dataTools[format] ?? []].flat());
  const file = join(folder, name);
  const range = { start: offset, end: offset + size - 1, highWaterMark: 2 ** 20 };
  const bytes = (await openFile(from)).createReadStream(range);
  await writeNewFile(file, bytes, signal);
  await requireOneFrame({ file, format }, subject, signal);
  return { file, format, size, archive: 'tar' };
}

/** How to count the frames (zstd) or streams (xz) of a file. */
const counts = {
  'tar.xz': { tool: tools.xz, args: ['--robot', '--list'], pattern: /^file\t(\d+)\t/m },
  'tar.zst': { tool: tools.zstd, args: ['--list', '--quiet'], pattern: /^ +(\d+) +0 /m },
} as const;

/** dpkg stops after the first zstd frame or xz stream of a tar, but zstd and xz continue (dpkg 1.21); rpm writes one. */
async function requireOneFrame(
  { file, format }: Pick<PackedTar, 'file' | 'format'>,
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
