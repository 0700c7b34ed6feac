import { isEnvironmentVariable } from '../../formats/windows/environment.ts';
import { defineRule } from '../define.ts';

export const infUndefinedString = defineRule({
  id: 'inf/undefined-string',
  severity: 'error',
  scope: 'package',
  explain: `A %token% of the INF is not defined in [Strings].
Windows uses the token itself as the text: users see "%token%", or a number or file name is wrong and the installation fails.
Define the token in [Strings], or correct its spelling. inf/unescaped-variable reports %SystemRoot% and other environment variables.`,
  check: ({ inf, parsed: { problems } }) =>
    problems
      .filter(({ kind, text }) => kind === 'undefined-string' && !isEnvironmentVariable(text))
      .map(({ line, text }) => ({
        path: inf,
        line,
        message: `%${text}% is not defined in [Strings]`,
        hint: 'define it in [Strings], or correct its spelling',
      })),
});
