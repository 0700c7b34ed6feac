import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultLimits } from '../core/limits.ts';
import { byCodeUnit } from '../core/order.ts';
import { readDebMembers } from '../formats/deb/members.ts';
import { readIso } from '../formats/iso9660/index.ts';
import { withRandomAccess } from '../formats/random-access.ts';
import { listFiles } from '../system/files.ts';

/** The first difference of two releases: a missing file or a differing byte. */
interface Difference {
  /** Name of the file in the release's folder. */
  readonly name: string;
  readonly message: string;
  /** Both files, if both exist. */
  readonly files?: readonly [string, string];
}

/**
 * Compares the folders of two releases byte by byte. Discs come first, then packages, then the record and checksums, which
 * differ as a consequence.
 */
export async function firstDifference(
  first: string,
  second: string,
  signal: AbortSignal,
): Promise<Difference | undefined> {
  const [names, others] = [await namesIn(first), await namesIn(second)];
  for (const name of [...new Set([...names, ...others])].sort(byCause)) {
    if (!names.includes(name)) return { name, message: 'exists only in the second build' };
    if (!others.includes(name)) return { name, message: 'exists only in the first build' };
    const files = [join(first, name), join(second, name)] as const;
    const offset = await firstOffset(...files, signal);
    if (offset === undefined) continue;
    const inside = await placeInside(files[0], offset, signal);
    return {
      name,
      message: `differs from byte ${offset} on${inside === undefined ? '' : `, in ${inside}`}`,
      files,
    };
  }
  return undefined;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await listFiles(folder)).map(({ path }) => path);
}

const causes = [/\.iso$/, /\.(?:deb|rpm)$/, /^release\.json$/];

function byCause(a: string, b: string): number {
  const rank = (name: string) =>
    (causes.findIndex((pattern) => pattern.test(name)) + causes.length + 1) % (causes.length + 1);
  return rank(a) - rank(b) || byCodeUnit(a, b);
}

/** Returns the offset of the first differing byte, or the length of the shorter file if it is a prefix of the other; undefined if equal. */
async function firstOffset(first: string, second: string, signal: AbortSignal): Promise<number | undefined> {
  const [a, b] = [await open(first), await open(second)];
  const [left, right] = [Buffer.alloc(chunkBytes), Buffer.alloc(chunkBytes)];
  try {
    for (let offset = 0; ; offset += chunkBytes) {
      signal.throwIfAborted();
      const [read, other] = [
        await a.read(left, 0, chunkBytes, offset),
        await b.read(right, 0, chunkBytes, offset),
      ];
      const [x, y] = [left.subarray(0, read.bytesRead), right.subarray(0, other.bytesRead)];
      if (!x.equals(y)) {
        const at = x.findIndex((byte, index) => byte !== y[index]);
        return offset + (at === -1 ? x.length : at);
      }
      if (read.bytesRead < chunkBytes) return undefined;
    }
  } finally {
    await a.close();
    await b.close();
  }
}

const chunkBytes = 2 ** 20;

/** Names what a byte belongs to: a file on the disc or a member of the package; undefined if unknown. */
async function placeInside(file: string, offset: number, signal: AbortSignal): Promise<string | undefined> {
  const subject = { place: 'check-reproducible', name: file };
  if (file.endsWith('.iso')) {
    const { files } = await readIso(file, { subject, limits: defaultLimits, signal });
    const entry = files.find(({ extents }) => extents.some((extent) => holds(extent, offset)));
    return entry?.path ?? 'the file system structures of the disc';
  }
  if (!file.endsWith('.deb')) return undefined;
  const { members } = await withRandomAccess(file, (deb) => readDebMembers(deb, subject));
  return members.find(({ offset: start, size }) => holds({ offset: start, length: size }, offset))?.name;
}

function holds({ offset, length }: { offset: number; length: number }, at: number): boolean {
  return at >= offset && at < offset + length;
}
