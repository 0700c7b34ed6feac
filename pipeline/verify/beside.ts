import type { BesideIso } from '../formats/iso9660/index.ts';
import { bad, notJudged } from './checks.ts';
import type { Check } from './verification-schema.ts';

/** Returns the checks of what lies on a disc beside its trees: other file systems were not judged, bytes after its end are bad unless a ledger or record has the digest of the disc with them. */
export function besideChecks(
  { notLookedAt, afterVolume }: BesideIso,
  name: string,
  hasDigest: boolean,
): Check[] {
  const checks = notLookedAt.map((what) => notJudged(name, `also contains ${what}`, otherHint));
  if (afterVolume === undefined) return checks;
  const stray = hasDigest ? notJudged(name, afterVolume) : bad(name, afterVolume, strayHint);
  return [...checks, stray];
}

const otherHint = 'have the disc made without it, or look at it by other means';
const strayHint = 'get the file again: something was added to it, or it is two files in one';
