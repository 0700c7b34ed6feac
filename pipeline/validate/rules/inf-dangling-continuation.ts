import { defineRule } from '../define.ts';

export const infDanglingContinuation = defineRule({
  id: 'inf/dangling-continuation',
  severity: 'warning',
  scope: 'package',
  explain: `A line ends in a backslash, which continues it, and nothing follows that could continue it.
Windows may take the next line as part of this one; most often a build took out the rest of a value.
Take the backslash out, or restore the rest; put a path that ends in a backslash into quotes.`,
  check: ({ inf, parsed: { problems } }) =>
    problems
      .filter(({ kind }) => kind === 'dangling-continuation')
      .map(({ line }) => ({
        path: inf,
        line,
        message: 'the line ends in a backslash, and nothing continues it',
        hint: 'take the backslash out, or restore the rest of the value',
      })),
});
