import { standsForItself } from '../../formats/windows/environment.ts';
import { defineRule } from '../define.ts';

export const infUndefinedString = defineRule({
  id: 'inf/undefined-string',
  severity: 'error',
  scope: 'package',
  explain: `A %token% of the INF is not defined in [Strings].
Windows uses the token itself as the text: users see "%token%", or a number or file name is wrong and the installation fails.
Define the token in [Strings], or correct its spelling. inf/unescaped-variable reports %SystemRoot%, other environment variables and encoded characters such as %5C.`,
  check: ({ inf, parsed: { problems } }) =>
    problems
      .filter(({ kind, text }) => kind === 'undefined-string' && !standsForItself(text))
      .map(({ line, text }) => ({
        path: inf,
        line,
        message: `%${text}% is not defined in [Strings]`,
        hint: 'define it in [Strings], or correct its spelling',
      })),
});
