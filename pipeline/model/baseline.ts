import * as z from 'zod';
import { byCodeUnit } from '../core/order.ts';
import type { WrittenFinding } from './finding.ts';

const baselineEntry = z.strictObject({
  rule: z.string(),
  path: z.string().describe('Path on the disc'),
  message: z
    .string()
    .describe('With * for what changes with each build: line numbers, dates, versions and digests'),
  count: z.int().min(1).describe('How often the file has it'),
});

/** Shape of a file of known findings (`pvdisc check --baseline`). */
export const baselineSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    release: z.string().describe('Name of the release'),
    findings: z.array(baselineEntry).describe('Errors and warnings, sorted by rule, path and message'),
  })
  .meta({ id: 'baseline', title: 'Findings that are known (pvdisc check --baseline)' });

export type Baseline = z.output<typeof baselineSchema>;
export type BaselineEntry = z.output<typeof baselineEntry>;

/** Findings of a check compared with a baseline. */
export interface BaselineComparison {
  /** Undefined for infos and accepted findings, which are not compared. */
  readonly isNew: (finding: WrittenFinding) => boolean | undefined;
  /** Entries that no finding matches any more. */
  readonly gone: readonly BaselineEntry[];
}

/** Returns the errors and warnings among findings that the release does not accept, as entries of a baseline. */
export function baselineOf(release: string, findings: readonly WrittenFinding[]): Baseline {
  const counted = new Map<string, BaselineEntry>();
  for (const entry of findings.filter(isCompared).flatMap(entriesOf)) {
    const key = keyOf(entry);
    counted.set(key, { ...entry, count: (counted.get(key)?.count ?? 0) + 1 });
  }
  const sorted = [...counted].sort(([a], [b]) => byCodeUnit(a, b)).map(([, entry]) => entry);
  return { schemaVersion: 1, release, findings: sorted };
}

/** Compares findings with a baseline: a finding is new if one of its places is, and each entry covers as many places as it counts. */
export function compareWithBaseline(
  baseline: Baseline,
  findings: readonly WrittenFinding[],
): BaselineComparison {
  const left = new Map<string, BaselineEntry>();
  for (const entry of baseline.findings) {
    const key = keyOf(entry);
    left.set(key, { ...entry, count: entry.count + (left.get(key)?.count ?? 0) });
  }
  const fresh = new Set<WrittenFinding>();
  const take = (entry: BaselineEntry): boolean => {
    const known = left.get(keyOf(entry));
    if (known === undefined || known.count === 0) return false;
    left.set(keyOf(entry), { ...known, count: known.count - 1 });
    return true;
  };
  for (const finding of findings.filter(isCompared))
    if (entriesOf(finding).filter((entry) => !take(entry)).length > 0) fresh.add(finding);
  return {
    isNew: (finding) => (isCompared(finding) ? fresh.has(finding) : undefined),
    gone: [...left.values()].filter(({ count }) => count > 0),
  };
}

function isCompared({ severity, accepted }: WrittenFinding): boolean {
  return severity !== 'info' && accepted === undefined;
}

/** Returns one entry for each place of a finding. */
function entriesOf({ rule, path, message, places }: WrittenFinding): BaselineEntry[] {
  return (places ?? [{ message }]).map((place) => ({ rule, path, message: steady(place.message), count: 1 }));
}

/** Returns what identifies a finding from one build to the next. */
export function findingIdentity(finding: WrittenFinding): string {
  return entriesOf(finding).map(keyOf).join('\0');
}

function keyOf({ rule, path, message }: Omit<BaselineEntry, 'count'>): string {
  return [rule, path, message].join('\0');
}

/** Replaces what changes with each build, and drops how many more places there are. */
function steady(message: string): string {
  return message
    .replace(/; and \d+ more\b.*$/s, '')
    .replace(/\b(lines?) \d+(?:, \d+)*/g, '$1 *')
    .replace(/\b\d+\/\d+\/\d+\b|\b\d{4}-\d\d-\d\d\b|\b\d+(?:\.\d+){2,}\b/g, '*')
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{12,64}\b/g, '*');
}
