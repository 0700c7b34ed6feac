import { standsForItself } from '../../formats/windows/environment.ts';
import { defineRule } from '../define.ts';

export const infUnescapedVariable = defineRule({
  id: 'inf/unescaped-variable',
  severity: 'warning',
  scope: 'package',
  explain: `A line has an environment variable such as %SystemRoot%, or an encoded backslash (%5C), with single percent signs, which make a token of [Strings] to Windows.
No token has this name, so Windows keeps the text and the value is what was meant; Microsoft's checks report it (InfVerif 1235).
Write %%SystemRoot%% in the next build.`,
  check: ({ inf, parsed: { problems } }) =>
    problems
      .filter(({ kind, text }) => kind === 'undefined-string' && standsForItself(text))
      .map(({ line, text }) => ({
        path: inf,
        line,
        message: `%${text}% is written like a token of [Strings]`,
        hint: `write %%${text}%%`,
      })),
});
