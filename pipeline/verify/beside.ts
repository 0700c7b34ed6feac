import type { BesideIso } from '../formats/iso9660/index.ts';
import { bad, notJudged } from './checks.ts';
import type { Check } from './verification-schema.ts';

/** Checks data outside the ISO trees: other file systems are not checked; data after the end is bad unless a ledger or record has the digest of the whole file. */
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

const otherHint = 'build the disc without it, or check it with other tools';
const strayHint = 'download the file again: data was appended to it';
