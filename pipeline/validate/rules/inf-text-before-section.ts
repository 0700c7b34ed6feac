import { defineRule } from '../define.ts';

export const infTextBeforeSection = defineRule({
  id: 'inf/text-before-section',
  severity: 'warning',
  scope: 'package',
  explain: `The INF has text before its first section without a semicolon, often the header comment of a C source (/*++ … --*/).
Windows skips the text only if the INF has a [Strings] section (undocumented), and otherwise rejects the file (ERROR_EXPECTED_SECTION_NAME, 0xE0000000).
Put a semicolon before each of these lines in the next build.`,
  check: ({ inf, parsed }) =>
    parsed.problems
      .filter(({ kind }) => kind === 'text-before-section')
      .map(({ line, text }) => ({
        path: inf,
        line,
        message: `has text before its first section: "${text.slice(0, 60)}"`,
        hint: 'put a semicolon before these lines in the next build',
      })),
});
