import type { Inf } from '../../formats/inf/inf.ts';
import { defineRule } from '../define.ts';

export const infOpenQuote = defineRule({
  id: 'inf/open-quote',
  severity: 'warning',
  scope: 'package',
  explain: `A quotation mark is not closed at the end of its line.
Windows takes the rest of the line as one value, with its commas and comments: values that should follow are missing ("General Syntax Rules for INF Files").
Close the quotation mark; write a quotation mark within a text twice.`,
  check: ({ inf, parsed: { problems, sections } }) =>
    problems
      .filter(({ kind, line }) => kind === 'open-quote' && line > firstHeader(sections))
      .map(({ line, text }) => ({
        path: inf,
        line,
        message: `a quotation mark is not closed: ${text.slice(-60)}`,
        hint: 'close the quotation mark at the end of the value',
      })),
});

/** inf/text-before-section reports the text before it, which is prose. */
function firstHeader(sections: Inf['sections']): number {
  const [first] = sections.values();
  return first?.lines[0] ?? 0;
}
