import { defineRule } from '../define.ts';

export const infTextBeforeSection = defineRule({
  id: 'inf/text-before-section',
  severity: 'warning',
  scope: 'package',
  explain: `The INF has text before its first section that no semicolon makes a comment, often the head of a C source (/*++ … --*/).
Windows passes over it only because the INF has a section [Strings], and otherwise refuses the file (ERROR_EXPECTED_SECTION_NAME, 0xE0000000); no documentation promises the former.
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
