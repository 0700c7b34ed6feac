import { plural, printable, someOf, wrapWords } from '../../../core/text.ts';
import { loadLines } from '../loads.ts';
import { faultyDrivers, findingCounts, findingsByRule } from './by-rule.ts';
import type { CheckedTree, FindingsOptions, NamedComparison } from './checked-tree.ts';
import { everyPlace, findingDetails } from './details.ts';

type TextOptions = Pick<FindingsOptions, 'verbose' | 'rule' | 'colour' | 'columns'>;

/** Formats findings as text: a line for each rule, or each finding if asked, then the counts and where the drivers load. */
export function text(checked: CheckedTree, options: TextOptions): string {
  const { findings, tree, baseline, loads } = checked;
  if (options.rule !== undefined)
    return `${findingDetails({ findings: everyPlace(findings), tree }, options)}${findingCounts(checked)}\n`;
  const body = options.verbose ? findingDetails(checked, options) : summary(checked, options);
  const infos = findings.filter(({ severity, accepted }) => severity === 'info' && accepted === undefined);
  const hidden = infos.length > 0 && !options.verbose ? ' (--verbose shows infos)' : '';
  const ends = [
    ...(findings.length === 0 || options.verbose ? [] : [detailsHint]),
    `${findingCounts(checked)}${hidden}`,
    ...(baseline === undefined ? [] : goneLines(baseline)),
  ];
  const loading =
    loads === undefined
      ? []
      : loadLines(loads, { ...options, faulty: faultyDrivers(findings, tree.packages) });
  const width = options.columns ?? Number.POSITIVE_INFINITY;
  const counted = ends.flatMap((line) => wrapWords(line.split(' '), width));
  return `${body}${counted.join('\n')}\n${loading.length === 0 ? '' : `\n${loading.join('\n')}\n`}`;
}

const detailsHint =
  'Each finding: pvdisc check RELEASE RULE, or --verbose; what a rule means: pvdisc check --explain RULE';

function summary(
  { findings, tree: { packages }, targets, baseline }: CheckedTree,
  options: TextOptions,
): string {
  const shown = findings.filter(({ severity }) => severity !== 'info');
  const about = { findings: shown, packages, targets, ...(baseline !== undefined && { baseline }) };
  const lines = findingsByRule(about, options);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

/** Says which entries of a baseline match nothing, since a file of exceptions that only grows hides what is new. */
function goneLines({ gone, name }: NamedComparison): string[] {
  if (gone.length === 0) return [];
  const places = someOf(gone.map(({ rule, path }) => `${path} [${rule}]`));
  return [
    `${plural(gone.length, 'entry', 'entries')} of ${printable(name)} ${gone.length === 1 ? 'matches' : 'match'} no finding any more: ${printable(places)}`,
  ];
}
