import { styleText } from 'node:util';
import { groupBy } from '../../../core/group-by.ts';
import { byCodeUnit } from '../../../core/order.ts';
import { printable } from '../../../core/text.ts';
import type { Severity, WrittenFinding } from '../../../model/finding.ts';
import { type PackagePlace, whoIsConcerned } from './by-rule.ts';
import { type CheckedTree, type FindingsOptions, originsByPath, placeOf } from './checked-tree.ts';

/** Findings to list; files of one origin are shown as one. */
interface ListedFindings {
  readonly findings: readonly WrittenFinding[];
  readonly tree: Pick<CheckedTree['tree'], 'files' | 'unnamed'> & {
    readonly packages: readonly PackagePlace[];
  };
}

/** Lists findings by driver, with one entry for all targets of a source file. */
export function findingDetails(
  { findings, tree }: ListedFindings,
  { colour }: Pick<FindingsOptions, 'colour'>,
): string {
  const concerned = whoIsConcerned(tree.packages);
  const groups = groupBy(
    merge(findings, tree),
    ({ first }) => concerned(first.path)[0]?.driver ?? releaseHeading,
  );
  const sections = [...groups]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([heading, entries]) => {
      const name = printable(heading);
      const title = colour ? styleText('bold', name, { validateStream: false }) : name;
      return `${title}\n${describeAll(entries.sort(bySeverityAndRule), colour)}\n`;
    });
  return sections.join('');
}

/** Returns a finding for each place of those that an INF has several times. */
export function everyPlace(findings: readonly WrittenFinding[]): WrittenFinding[] {
  return findings.flatMap(({ places, ...finding }): WrittenFinding[] =>
    places === undefined ? [finding] : places.map(({ line, message }) => ({ ...finding, line, message })),
  );
}

/** Sorts before all drivers. */
const releaseHeading = '(the release)';

interface Merged {
  readonly first: WrittenFinding;
  /** Number of further places on the disc with the same finding. */
  more: number;
}

const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** Sorts errors first; paths stay in order, since the sort is stable. */
function bySeverityAndRule({ first: a }: Merged, { first: b }: Merged): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || byCodeUnit(a.rule, b.rule);
}

/** Merges the findings of a source file that is used for several Windows versions. */
function merge(
  findings: readonly WrittenFinding[],
  tree: Pick<CheckedTree['tree'], 'files' | 'unnamed'>,
): Merged[] {
  const origins = originsByPath(tree);
  const merged = new Map<string, Merged>();
  for (const finding of findings) {
    const origin = origins.get(finding.path);
    const file = origin === undefined ? [finding.path] : [origin.source, origin.path];
    const key = [finding.rule, finding.message, finding.line, finding.accepted, ...file].join('\0');
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { first: finding, more: 0 });
    else known.more += 1;
  }
  return [...merged.values()];
}

/** Prints a hint that consecutive entries share once, below the last of them. */
function describeAll(entries: readonly Merged[], colour: boolean): string {
  const lines = entries.map((entry, index) => {
    const { hint } = entry.first;
    const isLast = entries[index + 1]?.first.hint !== hint;
    const next = hint === undefined || !isLast ? '' : `    hint: ${printable(hint)}\n`;
    return `${describe(entry, colour)}\n${next}`;
  });
  return lines.join('');
}

function describe({ first, more }: Merged, colour: boolean): string {
  const { rule, severity, message, accepted } = first;
  const state = accepted === undefined ? severity : `accepted (${accepted})`;
  const styled = colour ? styleText(styleOf(first), state, { validateStream: false }) : state;
  const others = more === 0 ? '' : ` and ${more} more`;
  return `  ${printable(placeOf(first))}${others}: ${styled}: ${printable(message)} [${rule}]`;
}

function styleOf({ severity, accepted }: WrittenFinding) {
  if (accepted !== undefined) return 'green';
  return ({ error: 'red', warning: 'yellow', info: 'cyan' } as const)[severity];
}
