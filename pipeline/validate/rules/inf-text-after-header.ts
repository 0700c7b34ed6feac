import { defineRule } from '../define.ts';

export const infTextAfterHeader = defineRule({
  id: 'inf/text-after-header',
  severity: 'warning',
  scope: 'package',
  explain: `A line has text after the section name in brackets.
A section begins with its name alone on a line ("General Syntax Rules for INF Files"): the text is not part of the section, so a directive there has no effect.
Move the text to a line of its own, or put a semicolon before a comment.`,
  check: ({ inf, parsed: { problems } }) =>
    problems
      .filter(({ kind }) => kind === 'text-after-header')
      .map(({ line, text }) => ({
        path: inf,
        line,
        message: `has text after the name of a section: ${text.slice(0, 60)}`,
        hint: 'move the text to a line of its own, or put a semicolon before it',
      })),
});
