import { defineRule } from '../define.ts';

export const infDanglingContinuation = defineRule({
  id: 'inf/dangling-continuation',
  severity: 'warning',
  scope: 'package',
  explain: `A line ends in a backslash, the continuation character, but no continuation follows.
Windows may read the next line as part of this one; usually a build removed the rest of a value.
Remove the backslash, or restore the rest; put a path that ends in a backslash in quotes.`,
  check: ({ inf, parsed: { problems } }) =>
    problems
      .filter(({ kind }) => kind === 'dangling-continuation')
      .map(({ line }) => ({
        path: inf,
        line,
        message: 'the line ends in a backslash, but no continuation follows',
        hint: 'remove the backslash, or restore the rest of the value',
      })),
});
