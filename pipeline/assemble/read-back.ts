import { basename } from 'node:path';
import pMap from 'p-map';
import type { RunContext } from '../core/context.ts';
import { PipelineError, type Problem } from '../core/errors.ts';
import { refusal } from '../core/refusal.ts';
import { type Iso, type IsoEntry, sectorBytes } from '../formats/iso9660/index.ts';
import type { LayoutEntry } from '../model/disc-layout.ts';
import type { ImageFile } from '../model/release.ts';
import { exists, hashRanges, openFile } from '../system/files.ts';
import { listIso } from './xorriso-list.ts';

/**
 * Reads a written ISO with xorriso and throws unless it holds what was meant: every path, in the Rock Ridge and in the primary tree, every
 * digest, one extent for each content, and zeros between the contents.
 */
export async function requireSameContents(
  iso: string,
  meant: readonly LayoutEntry[],
  context: Pick<RunContext, 'signal' | 'reporter'>,
): Promise<void> {
  const subject = { place: iso, name: 'the written disc' };
  if (!(await exists(iso)))
    throw refusal({ place: basename(iso), name: 'the disc' }, 'xorriso did not write it', buildAgain);
  const found = await listIso(iso, 'best', subject, context.signal, buildAgain);
  const { files: primary } = await listIso(iso, 'primary', subject, context.signal, buildAgain);
  const problems = await contentProblems(
    iso,
    meant.map(({ path, content }) => ({ path, sha256: content.sha256, size: content.size })),
    { ...found, primary: primary.map(({ path }) => path) },
    context,
  );
  if (problems.length === 0) problems.push(...(await fillingProblems(iso, found.files)));
  if (problems.length === 0) return;
  throw new PipelineError(
    'input',
    problems.map((problem) => ({ ...problem, hint: buildAgain })),
  );
}

const buildAgain = 'a source file changed during the build, or xorriso failed: build again';

/**
 * Returns the places of a disc of pvdisc's own that hold something where nothing belongs: before the descriptors (ECMA-119, 6.2.1),
 * behind a file in its last sector, and behind the last file.
 */
async function fillingProblems(iso: string, files: readonly IsoEntry[]): Promise<Problem[]> {
  const ends = files
    .flatMap(({ path, extents }) => extents.map(({ offset, length }) => ({ path, at: offset + length })))
    .map(({ path, at }) => ({ path, at, end: Math.ceil(at / sectorBytes) * sectorBytes }));
  const handle = await openFile(iso);
  try {
    const { size } = await handle.stat();
    const last = ends.reduce((most, { end }) => Math.max(most, end), 0);
    const filled = [
      { place: iso, what: 'before the volume descriptors', start: 0, end: 16 * sectorBytes },
      ...ends.map(({ path, at, end }) => ({
        place: path,
        what: 'behind it in its last sector',
        start: at,
        end,
      })),
      ...(last === 0 ? [] : [{ place: iso, what: 'behind the last file', start: last, end: size }]),
    ];
    const problems: Problem[] = [];
    for (const { place, what, start, end } of filled.filter((range) => range.start < size)) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
      if (bytesRead !== end - start || buffer.some((byte) => byte !== 0))
        problems.push({ place, message: `has bytes ${what} on the disc, expected zeros` });
    }
    return problems;
  } finally {
    await handle.close();
  }
}

/** A file that an ISO is to hold. */
type MeantFile = Pick<ImageFile, 'path' | 'sha256' | 'size'>;

/** Who mastered a disc: pvdisc, whose two trees have the same names and whose contents each lie there once, or another tool. */
export type Mastering = 'own' | 'foreign';

/** Compares what was found on an ISO, and the bytes of its files, with what it is to hold: paths, kinds, sizes, digests, and of an own one the layout; returns every difference. */
export async function contentProblems(
  iso: string,
  meant: readonly MeantFile[],
  { files: written, specials, primary }: Pick<Iso, 'files' | 'specials' | 'primary'>,
  context: Pick<RunContext, 'signal' | 'reporter'>,
  mastering: Mastering = 'own',
): Promise<Problem[]> {
  const byPath = new Map(written.map((entry) => [entry.path, entry]));
  const digests = await digestsByOffset(iso, written, context);
  return [
    ...differences(
      meant,
      written.map(({ path }) => path),
      'the disc',
    ),
    ...specials.map((path) => ({ place: path, message: 'is not a regular file, but should be one' })),
    ...meant.flatMap(({ path, size, sha256 }): Problem[] => {
      const entry = byPath.get(path);
      if (entry === undefined) return [];
      if (entry.size !== size)
        return [{ place: path, message: `has ${entry.size} bytes on the disc, expected ${size}` }];
      const digest = digests.get(extentKey(entry));
      if (digest === sha256) return [];
      return [{ place: path, message: `has sha256 ${digest} on the disc, expected ${sha256}` }];
    }),
    ...(mastering === 'own' ? differences(meant, primary, "the disc's primary tree") : []),
    ...(mastering === 'own' ? duplicateExtents(meant, byPath) : []),
  ];
}

async function digestsByOffset(
  iso: string,
  entries: readonly IsoEntry[],
  context: Pick<RunContext, 'signal' | 'reporter'>,
): Promise<Map<string, string>> {
  const unique = [...new Map(entries.map((entry) => [extentKey(entry), entry])).values()];
  let bytes = 0;
  const totalBytes = unique.reduce((sum, { size }) => sum + size, 0);
  const handle = await openFile(iso);
  const hashEntry = async (entry: IsoEntry): Promise<[string, string]> => {
    const { sha256: digest } = await hashRanges(handle, entry.extents, context.signal);
    bytes += entry.size;
    context.reporter.progress({ item: 'reading back', bytes, totalBytes });
    return [extentKey(entry), digest];
  };
  try {
    return new Map(await pMap(unique, hashEntry, { concurrency: 4, signal: context.signal }));
  } finally {
    await handle.close();
  }
}

function differences(meant: readonly MeantFile[], found: readonly string[], where: string): Problem[] {
  const wanted = new Set(meant.map(({ path }) => path));
  const there = new Set(found);
  return [
    ...[...wanted]
      .filter((path) => !there.has(path))
      .map((path) => ({ place: path, message: `is missing on ${where}` })),
    ...[...there]
      .filter((path) => !wanted.has(path))
      .map((path) => ({ place: path, message: `is on ${where} but should not be` })),
  ];
}

function duplicateExtents(meant: readonly MeantFile[], byPath: ReadonlyMap<string, IsoEntry>): Problem[] {
  const extents = new Map<string, string>();
  return meant.flatMap(({ path, sha256, size }) => {
    const entry = byPath.get(path);
    if (entry === undefined || size === 0) return [];
    const key = extentKey(entry);
    const known = extents.get(sha256) ?? key;
    extents.set(sha256, known);
    return known === key ? [] : [{ place: path, message: 'is stored a second time on the disc' }];
  });
}

function extentKey({ extents }: IsoEntry): string {
  return extents.map(({ offset, length }) => `${offset}+${length}`).join(',');
}
