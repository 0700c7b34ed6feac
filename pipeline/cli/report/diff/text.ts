import { styleText } from 'node:util';
import { wrapWords } from '../../../core/text.ts';
import type { Look } from '../../terminal-kind.ts';
import { type Difference, isIdentical, titledGroups } from './difference.ts';

type Style = Parameters<typeof styleText>[0];

/** Returns a difference as lines for a terminal; more details of a package than 15 are counted. */
export function differenceText(found: Difference, { colour, columns }: Look): string {
  const styled = (style: Style, text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const wrapped = (indent: string, text: string) => {
    const lines = wrapWords(text.split(' '), (columns ?? Number.POSITIVE_INFINITY) - indent.length - 2);
    return lines.map((line, index) => `${indent}${index === 0 ? '' : '  '}${line}`);
  };
  const list = (title: string, style: Style, lines: readonly string[]) =>
    lines.length === 0 ? [] : [[styled(style, title), ...lines.flatMap((line) => wrapped('  ', line))]];
  const isLost = found.lost.length > 0;
  const parts: string[][] = [
    [...wrapped('', `OLD ${found.old}`), ...wrapped('', `NEW ${found.new}`)],
    ...list('Lost:', ['bold', 'red'], found.lost),
    ...list('Gained:', ['green'], found.gained),
    ...groupParts(found, { wrapped, styled }),
    ...list('Other files:', ['bold'], found.files),
    ...found.notes.map((note) => wrapped('', note)),
    [
      ...(found.counts === '' || isIdentical(found) ? [] : wrapped('', `Driver packages: ${found.counts}`)),
      ...(isIdentical(found) ? [] : wrapped('', `Size: ${found.sizes}`)),
      styled(isLost ? ['bold', 'red'] : ['green'], found.verdict),
    ],
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const maxDetails = 15;

interface Helpers {
  readonly wrapped: (indent: string, text: string) => string[];
  readonly styled: (style: Style, text: string) => string;
}

function groupParts(found: Difference, { wrapped, styled }: Helpers): string[][] {
  return titledGroups(found).map(({ title, groups }) => {
    const lines = groups.flatMap(({ driver, version, windows, details }) => {
      const rest = details.length - maxDetails;
      return [
        ...wrapped('  ', `${driver} ${version}`.trimEnd()),
        ...wrapped('    ', windows),
        ...details.slice(0, maxDetails).flatMap((detail) => wrapped('    ', detail)),
        ...(rest > 0 ? [`    and ${rest} more: see --format json`] : []),
      ];
    });
    return [styled(['bold'], `${title}:`), ...lines];
  });
}
