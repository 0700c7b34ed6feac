import { defineRule } from '../define.ts';

export const infUndefinedString = defineRule({
  id: 'inf/undefined-string',
  severity: 'error',
  scope: 'package',
  explain: `A %token% of the INF is not defined in [Strings].
Windows uses the token itself as the text: users see "%token%", or a number or file name is wrong and the installation fails.
Define the token in [Strings], or correct its spelling.`,
  check: ({ inf, parsed: { problems } }) =>
    problems
      .filter(({ kind }) => kind === 'undefined-string')
      .map(({ line, text }) => ({
        path: inf,
        line,
        message: `%${text}% is not defined in [Strings]`,
        hint: 'define it in [Strings], or correct its spelling',
      })),
});
