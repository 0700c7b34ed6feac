import { join, resolve } from 'node:path';
import { PipelineError, type Problem } from '../core/errors.ts';
import { placeInFile } from '../core/place.ts';
import { toolRoot } from '../system/own.ts';
import { fewOfAKind } from './few-problems.ts';
import { type Ledger, type LedgerEntry, ledgerSchema } from './ledger-schema.ts';
import { readYamlFile, type YamlFile } from './yaml-file.ts';

/** The ledger that comes with pvdisc. */
export const ownLedger = join(toolRoot, 'drivers-manifest/ledger.yaml');

/** Reads a ledger; throws one error with every problem, also of entries that contradict each other. */
export async function readLedger(file: string): Promise<Ledger> {
  const yaml = await readYamlFile(resolve(file), ledgerSchema);
  const problems = [...yaml.problems, ...(yaml.value === undefined ? [] : contradictions(yaml.value, yaml))];
  if (problems.length > 0 || yaml.value === undefined) throw new PipelineError('input', fewOfAKind(problems));
  return yaml.value;
}

/** Returns the entries of a release, by its whole name (`0.1.285-1`) or without its build (`0.1.285`). */
export function findRelease({ releases }: Ledger, name: string): LedgerEntry[] {
  const exact = releases.filter(({ release }) => release === name);
  return exact.length > 0 ? exact : releases.filter(({ release }) => versionOf(release) === name);
}

/** Returns a release without its build, as file names and volume labels have it. */
export function versionOf(release: string): string {
  return release.replace(/-\d+$/, '');
}

function contradictions({ releases, mislabelled }: Ledger, yaml: Pick<YamlFile<Ledger>, 'file' | 'lines'>) {
  const problems: Problem[] = [];
  const byRelease = new Map<string, string>();
  const byDigest = new Map<string, string>();
  for (const [index, { release, sha256 }] of releases.entries()) {
    const twice = (key: string, message: string) =>
      problems.push({
        place: placeInFile(yaml, ['releases', index, key]),
        message,
        hint: 'keep one entry for each release and digest',
      });
    if (byRelease.has(release)) twice('release', `${release} occurs twice`);
    const other = byDigest.get(sha256);
    if (other !== undefined) twice('sha256', `is the digest of ${other} too`);
    byRelease.set(release, sha256);
    byDigest.set(sha256, release);
  }
  for (const [index, { release, sha256 }] of mislabelled.entries()) {
    if (byRelease.get(release) === sha256) continue;
    problems.push({
      place: placeInFile(yaml, ['mislabelled', index, 'release']),
      message: `${release} has another digest, or is not in the ledger`,
      hint: 'name the release that the file is',
    });
  }
  return problems;
}
