import { contentProblems, type Mastering } from '../assemble/read-back.ts';
import type { RunContext } from '../core/context.ts';
import type { Limits } from '../core/limits.ts';
import { readIso } from '../formats/iso9660/index.ts';
import { formatOf } from '../formats/magic.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { readHead } from '../system/files.ts';
import { besideChecks } from './beside.ts';
import { bad, checksOf, good } from './checks.ts';
import type { Check } from './verification-schema.ts';

type Context = Pick<RunContext, 'signal' | 'reporter'>;

/** Compares the contents of a disc with its record: paths, digests and sizes of all files, extents, label. */
export async function verifyDisc(
  file: string,
  { name, label, files }: ReleaseRecord['iso'],
  mastering: Mastering,
  limits: Limits,
  context: Context,
): Promise<Check[]> {
  return checksOf(name, async () => {
    const subject = { place: 'verify', name };
    if (formatOf(await readHead(file)) !== 'iso') return [bad(name, 'is no ISO')];
    const iso = await readIso(file, { subject, limits, signal: context.signal });
    const besides = besideChecks(iso.beside, name, true);
    const found = await contentProblems(file, files, iso, context, mastering);
    const problems = found.map(({ place, message }) => bad(`${name}/${place}`, message));
    if (iso.label !== label) {
      problems.push(bad(name, `has the label ${JSON.stringify(iso.label)}, expected ${label}`));
    }
    if (problems.length > 0) return [...problems, ...besides];
    const once = mastering === 'own' ? ', each content once on it' : '';
    return [...besides, good(name, `its label and ${files.length} files are those of the record${once}`)];
  });
}
