import { isEnvironmentVariable } from '../../formats/windows/environment.ts';
import { defineRule } from '../define.ts';

export const infUnescapedVariable = defineRule({
  id: 'inf/unescaped-variable',
  severity: 'warning',
  scope: 'package',
  explain: `A line has an environment variable such as %SystemRoot% with single percent signs, which is a token of [Strings] to Windows.
No token has this name, so Windows keeps the text and the value is what was meant; Microsoft's checks report it (InfVerif 1235).
Write %%SystemRoot%% in the next build.`,
  check: ({ inf, parsed: { problems } }) =>
    problems
      .filter(({ kind, text }) => kind === 'undefined-string' && isEnvironmentVariable(text))
      .map(({ line, text }) => ({
        path: inf,
        line,
        message: `%${text}% is written like a token of [Strings]`,
        hint: `write the variable as %%${text}%%`,
      })),
});
