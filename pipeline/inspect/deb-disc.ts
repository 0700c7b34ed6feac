import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunContext } from '../context.ts';
import type { SourceRequest } from '../define.ts';
import { requireTools, type Tool, tools } from '../host/tools.ts';
import { writeNewFile } from '../host/write-new-file.ts';
import { withDeadline } from '../sources/deadline.ts';
import { quoted, refusal, type Subject } from '../sources/refusal.ts';
import { withTarStream } from '../sources/unpack/decompress.ts';
import { startExtraction } from '../sources/unpack/extraction.ts';
import { unpackTar } from '../sources/unpack/tar.ts';
import { type ArMemberPlace, listArMembers } from './ar-members.ts';

/** Unpacks the disc of a Debian package, `usr/share/virtio-win/*.iso`, into the request's scratch folder and returns its path. */
export async function unpackDebDisc(
  file: string,
  subject: Subject,
  request: SourceRequest,
  context: RunContext,
): Promise<string> {
  const members = await listArMembers(file, subject);
  const { member, format } = tarMember(members, 'data', subject);
  await requireTools([tools.xorriso, dataTools[format] ?? []].flat());
  const folder = join(request.scratch, 'data');
  await mkdir(folder);
  const tar = join(request.scratch, 'data.tar');
  const { offset, size } = member;
  const bytes = createReadStream(file, { start: offset, end: offset + size - 1, highWaterMark: 2 ** 20 });
  await writeNewFile(tar, bytes, context.signal);
  const skip = (path: string) => !/^usr\/share\/virtio-win\/[^/]+\.iso$/i.test(path);
  const extraction = startExtraction(
    { subject, packedBytes: size },
    { ...request, scratch: folder, skip },
    context,
  );
  const discsOnly = { ...extraction, addSpecial: passLink };
  await withDeadline(subject, extraction.limits, context, ({ signal }) =>
    withTarStream({ file: tar, format, subject, signal }, (stream) =>
      unpackTar(stream, { ...discsOnly, signal }),
    ),
  );
  const discs = extraction.finish().files.flatMap((entry) => entry.file ?? []);
  const [disc, ...others] = discs;
  if (disc !== undefined && others.length === 0) return disc;
  const fact = disc === undefined ? 'holds no disc' : `holds ${discs.length} discs`;
  throw refusal(subject, `${fact} at usr/share/virtio-win/*.iso`, 'inspect the ISO itself');
}

/** How the tar in a member of a package is compressed. */
export type TarFormat = 'tar' | 'tar.gz' | 'tar.xz' | 'tar.zst';

/** The program that reads a format, where one does. */
export const dataTools: Readonly<Partial<Record<TarFormat, Tool>>> = {
  'tar.xz': tools.xz,
  'tar.zst': tools.zstd,
};

const tarFormats: readonly TarFormat[] = ['tar', 'tar.gz', 'tar.xz', 'tar.zst'];

/** Finds the tar of a package with its files or its control files; deb(5): `debian-binary` comes first, and a tar's name says how it is compressed. */
export function tarMember(
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

/** A package may hold links, such as virtio-win.iso itself; none is followed or written, since only discs are. */
function passLink(): void {}
