import { contentProblems, type Mastering } from '../assemble/read-back.ts';
import type { RunContext } from '../core/context.ts';
import type { Limits } from '../core/limits.ts';
import { volumeLabel } from '../formats/iso9660/volume.ts';
import { formatOf } from '../formats/magic.ts';
import type { ReleaseRecord } from '../model/record.ts';
import { requireSoundIso } from '../sources/archive/iso.ts';
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
    const head = await readHead(file);
    if (formatOf(head) !== 'iso') return [bad(name, 'is no ISO')];
    const { beside } = await requireSoundIso(file, { subject, limits, signal: context.signal });
    const besides = besideChecks(beside, name, true);
    const found = await contentProblems(file, files, subject, context, mastering);
    const problems = found.map(({ place, message }) => bad(`${name}/${place}`, message));
    const shown = volumeLabel(head);
    if (shown !== label) {
      problems.push(bad(name, `has the label ${JSON.stringify(shown)}, expected ${label}`));
    }
    if (problems.length > 0) return [...problems, ...besides];
    const once = mastering === 'own' ? ', each content once on it' : '';
    return [...besides, good(name, `its label and ${files.length} files are those of the record${once}`)];
  });
}
