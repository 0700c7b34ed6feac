import { styleText } from 'node:util';
import { printable, wrapWords } from '../../core/text.ts';
import { loadSentences } from '../../model/load-sentences.ts';
import type { LoadSummary } from '../../model/load-summary.ts';

export interface LoadLinesOptions {
  readonly colour: boolean;
  readonly columns?: number;
  /** Drivers with errors. */
  readonly faulty?: ReadonlySet<string>;
  /** Whether to leave out the names of drivers and Windows. */
  readonly brief?: boolean;
}

const styles = { bad: ['bold', 'red'], partly: ['bold', 'yellow'], good: ['green'], unknown: [] } as const;

/** Returns the sentences as lines of a terminal. */
export function loadLines(
  loads: LoadSummary,
  { colour, columns, faulty, brief = false }: LoadLinesOptions,
): string[] {
  const width = columns ?? Number.POSITIVE_INFINITY;
  return loadSentences(loads, faulty).flatMap(({ tone, text, details }) => {
    const lines = wrapWords(printable(text).split(' '), width);
    const styled = colour
      ? lines.map((line) => styleText([...styles[tone]], line, { validateStream: false }))
      : lines;
    const more = (brief ? [] : details).flatMap((detail) =>
      wrapWords(detail.split(' '), width - 2).map((line) => `  ${line}`),
    );
    return [...styled, ...more];
  });
}
