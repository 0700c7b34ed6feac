import { styleText } from 'node:util';
import { pageColumns, printable, wrapWords } from '../../../core/text.ts';
import type { Look } from '../../terminal-kind.ts';
import type { Difference } from './difference.ts';

/** What is lost has at most this many lines in the summary of a build. */
const mostLost = 3;

/** Returns what changed since an earlier release, in a few lines for the summary of a build. */
export function changeLines(
  since: string,
  { lost, counts, groups, files }: Difference,
  look: Look,
): string[] {
  const width = (look.columns ?? pageColumns) - 4;
  const wrapped = (indent: string, text: string) =>
    wrapWords(printable(text).split(' '), width).map(
      (line, index) => `${indent}${index === 0 ? '' : '  '}${line}`,
    );
  const what =
    groups.length > 0
      ? counts.replace(/, \d+ unchanged$/, '')
      : `the drivers are the same${files.length === 0 ? '' : ', other files differ'}`;
  const shown = lost.slice(0, mostLost).flatMap((line) => wrapped('  ', `lost: ${line}`));
  const rest = lost.length - mostLost;
  return [
    ...wrapped('', `Since ${since}: ${what}`),
    ...shown.map((line) => (look.colour ? styleText('red', line, { validateStream: false }) : line)),
    ...(rest > 0 ? [`  and ${rest} more lost: pvdisc diff OLD NEW`] : []),
  ];
}
