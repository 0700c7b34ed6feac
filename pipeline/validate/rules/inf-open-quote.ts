import { defineRule } from '../define.ts';

export const infOpenQuote = defineRule({
  id: 'inf/open-quote',
  severity: 'warning',
  scope: 'package',
  explain: `A quotation mark is not closed at the end of its line.
Windows takes the rest of the line as one value, with its commas and comments: values that should follow are missing ("General Syntax Rules for INF Files").
Close the quotation mark; write a quotation mark within a text twice.`,
  check: ({ inf, parsed: { problems } }) =>
    problems
      .filter(({ kind }) => kind === 'open-quote')
      .map(({ line, text }) => ({
        path: inf,
        line,
        message: `a quotation mark is not closed: ${text.slice(-60).replaceAll('"', "'")}`,
        hint: 'close the quotation mark at the end of the value',
      })),
});
