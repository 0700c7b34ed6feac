import { stat } from 'node:fs/promises';
import type { ReleaseRecord } from '../attest/record.ts';
import type { RunContext } from '../context.ts';
import { type IsoEntry, listIso } from '../iso/list.ts';
import { contentProblems } from '../iso/read-back.ts';
import { volumeLabel } from '../ledger/examine.ts';
import type { Subject } from '../sources/refusal.ts';
import { formatOf, readHead } from '../sources/unpack/format.ts';
import { bad, checksOf, good } from './checks.ts';
import type { Check } from './verification-schema.ts';

type Context = Pick<RunContext, 'signal' | 'reporter'>;

/** Compares the contents of a disc with its record: paths, digests and sizes of all files, extents, label. */
export async function verifyDisc(
  file: string,
  { name, label, files }: ReleaseRecord['iso'],
  context: Context,
): Promise<Check[]> {
  return checksOf(name, async () => {
    const subject = { place: 'verify', name };
    const head = await readHead(file);
    if (formatOf(head) !== 'iso') return [bad(name, 'is no ISO')];
    const problems = (await contentProblems(file, files, subject, context)).map(({ place, message }) =>
      bad(`${name}/${place}`, message),
    );
    const sizes = new Map(files.map(({ path, size }) => [path, size]));
    const { files: entries, specials } = await listIso(file, 'best', subject, context.signal);
    const found = volumeLabel(head);
    problems.push(
      ...entries
        .filter(({ path, size }) => sizes.has(path) && sizes.get(path) !== size)
        .map(({ path, size }) => bad(`${name}/${path}`, `has ${size} bytes, expected ${sizes.get(path)}`)),
      ...specials.map((path) => bad(`${name}/${path}`, 'is no plain file and was not meant to be')),
      ...(await extentProblems(file, name, entries)),
      ...(found === label ? [] : [bad(name, `has the label ${JSON.stringify(found)}, expected ${label}`)]),
    );
    if (problems.length > 0) return problems;
    return [
      good(name, `its label and ${files.length} files are those of the record, each in its own extent`),
    ];
  });
}

/** Lists an ISO and returns its files with what is wrong with where their bytes lie. */
export async function verifyExtents(file: string, subject: Subject, { signal }: Context): Promise<Check[]> {
  const { files } = await listIso(file, 'best', subject, signal);
  const problems = await extentProblems(file, subject.name, files);
  return problems.length > 0
    ? problems
    : [
        good(
          subject.name,
          `the bytes of its ${files.length} files lie within it, and none in those of another`,
        ),
      ];
}

/** Extents must lie within the file, and two that are not the same must not share bytes. */
async function extentProblems(file: string, name: string, entries: readonly IsoEntry[]): Promise<Check[]> {
  const { size: end } = await stat(file);
  const problems: Check[] = [];
  const extents = entries.flatMap(({ path, extents: parts }) => parts.map((part) => ({ path, ...part })));
  const used = extents.filter(({ length }) => length > 0);
  used.sort((a, b) => a.offset - b.offset || a.length - b.length);
  for (const [index, { path, offset, length }] of used.entries()) {
    if (offset + length > end) problems.push(bad(`${name}/${path}`, 'lies beyond the end of the disc'));
    const before = used[index - 1];
    if (before === undefined || before.offset + before.length <= offset) continue;
    if (before.offset !== offset || before.length !== length)
      problems.push(bad(`${name}/${path}`, `shares bytes with ${before.path}`));
  }
  for (const { path, size, extents: parts } of entries) {
    const held = parts.reduce((sum, { length }) => sum + length, 0);
    if (held < size) problems.push(bad(`${name}/${path}`, `has ${size} bytes, but extents of ${held}`));
  }
  return problems;
}
