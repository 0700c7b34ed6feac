import type { Inf } from '../../formats/inf/inf.ts';
import { isDirectoryNumber } from '../../formats/inf/lines.ts';
import { standsForItself } from '../../formats/windows/environment.ts';
import { defineRule } from '../define.ts';

export const infUndefinedString = defineRule({
  id: 'inf/undefined-string',
  severity: 'error',
  scope: 'package',
  explain: `A %token% of the INF is not defined in [Strings], or one that is defined stands there with one percent sign (%token) or with doubled ones (%%token%%).
Windows uses the token itself as the text: users see "%token%", or a number or file name is wrong and the installation fails.
Define the token in [Strings], or correct its spelling. inf/unescaped-variable reports %SystemRoot%, other environment variables and encoded characters such as %5C.`,
  check: ({ inf, parsed }) => [
    ...parsed.problems
      .filter(({ kind, text }) => kind === 'undefined-string' && !standsForItself(text))
      .map(({ line, text }) => ({
        path: inf,
        line,
        message: `%${text}% is not defined in [Strings]`,
        hint: 'define it in [Strings], or correct its spelling',
      })),
    ...wronglyMarked(parsed).map(({ line, text, token }) => ({
      path: inf,
      line,
      message: `${text} is text to Windows, not the token %${token}% of [Strings]`,
      hint: `write %${token}%`,
    })),
  ],
});

/** Whole fields that name a token of [Strings] with one percent sign, or with two on each side; numbers stand for directories, not for tokens. */
function wronglyMarked({ sections, strings }: Inf) {
  const entries = [...sections]
    .filter(([name]) => !/^strings\b/.test(name))
    .flatMap(([, { entries }]) => entries);
  return entries.flatMap(({ line, raw: { key = '', values } }) =>
    [key, ...values].flatMap((text) => {
      const [, first, last, doubled] = /^(?:%([^%]+)|([^%]+)%|%%([^%]+)%%)$/.exec(text) ?? [];
      const token = first ?? last ?? doubled ?? '';
      const isOther = isDirectoryNumber(token) || standsForItself(token); // 100%, %%SystemRoot%%
      return !isOther && strings.has(token.toLowerCase()) ? [{ line, text, token }] : [];
    }),
  );
}
