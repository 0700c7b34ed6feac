import { misspelledDirectives } from '../../formats/inf/spelling.ts';
import { defineRule } from '../define.ts';

export const infMisspelledDirective = defineRule({
  id: 'inf/misspelled-directive',
  severity: 'warning',
  scope: 'package',
  explain: `A key in [Version], in an install section or in the section of a service is almost a directive, such as CopyFile for CopyFiles.
Windows ignores keys that it does not know: files are not copied, values not written, services not added.
Correct the spelling ("Summary of INF Directives").`,
  check: ({ inf, parsed, target }) =>
    misspelledDirectives(parsed, target.arch).map(({ section, key, meant, line }) => ({
      path: inf,
      line,
      message: `"${key}" in [${section}] is not a directive; "${meant}" is`,
      hint: `write ${meant} if that is meant`,
    })),
});
