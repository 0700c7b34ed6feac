import { defaultLimits } from '../core/limits.ts';
import { listArMembers } from '../formats/deb/ar.ts';
import { readIso } from '../formats/iso9660/index.ts';

/** Says to what a byte of a release's file belongs: a file of the disc, or a member of the package; undefined where that is nothing named. */
export async function placeInside(
  file: string,
  offset: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const subject = { place: 'check-reproducible', name: file };
  if (file.endsWith('.iso')) {
    const { files } = await readIso(file, { subject, limits: defaultLimits, signal });
    const entry = files.find(({ extents }) => extents.some((extent) => holds(extent, offset)));
    return entry?.path ?? 'the tables of the disc';
  }
  if (!file.endsWith('.deb')) return undefined;
  const members = await listArMembers(file, subject);
  return members.find(({ offset: start, size }) => holds({ offset: start, length: size }, offset))?.name;
}

function holds({ offset, length }: { offset: number; length: number }, at: number): boolean {
  return at >= offset && at < offset + length;
}
