import { expect } from 'vitest';
import { listIso } from '../../pipeline/assemble/xorriso-list.ts';
import { defaultLimits } from '../../pipeline/core/limits.ts';
import { byCodeUnit } from '../../pipeline/core/order.ts';
import { type Iso, readIso } from '../../pipeline/formats/iso9660/index.ts';

const subject = { place: 'test', name: 'x.iso' };
const { signal } = new AbortController();

/** Reads an ISO with pvdisc and xorriso, which must find the same files at the same places. */
export async function readWithOracle(file: string): Promise<Iso> {
  const iso = await readIso(file, { subject, limits: defaultLimits, signal });
  await expectSameAsXorriso(file, iso);
  return iso;
}

/** Compares the files found by pvdisc with xorriso's list. */
export async function expectSameAsXorriso(file: string, { files, specials }: Iso): Promise<void> {
  const listed = await listIso(file, 'best', subject, signal);
  const filled = listed.files.map((entry) => ({
    ...entry,
    extents: entry.extents.filter(({ length }) => length > 0),
  }));
  expect({ files: filled, specials: [...listed.specials].sort(byCodeUnit) }).toEqual({ files, specials });
}
