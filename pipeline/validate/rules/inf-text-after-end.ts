import { defineRule } from '../define.ts';

export const infTextAfterEnd = defineRule({
  id: 'inf/text-after-end',
  severity: 'warning',
  scope: 'package',
  explain: `The INF has text after a Ctrl-Z (0x1A), the end-of-file character of old editors.
Windows ignores all that follows, so that sections and strings there are missing; usually two files were joined.
Remove the character.`,
  check: ({ inf, parsed: { problems } }) =>
    problems
      .filter(({ kind }) => kind === 'text-after-end')
      .map(({ line, text }) => ({
        path: inf,
        line,
        message: `has text after the Ctrl-Z that ends it: ${text.slice(0, 60)}`,
        hint: 'remove the Ctrl-Z (0x1A) before this line',
      })),
});
