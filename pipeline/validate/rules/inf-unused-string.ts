import { someOf } from '../../core/text.ts';
import { unusedStrings } from '../../formats/inf/unused.ts';
import { defineRule } from '../define.ts';

export const infUnusedString = defineRule({
  id: 'inf/unused-string',
  severity: 'info',
  scope: 'package',
  explain: `The section [Strings] defines strings that no line of the INF uses.
Windows ignores them.
No action is needed; check the spelling of the names, or remove them in the next build.`,
  check: ({ inf, parsed }) => {
    const strings = unusedStrings(parsed);
    const [first] = strings;
    if (first === undefined) return [];
    const names = someOf(strings.map(({ key }) => `%${key}%`));
    return [
      {
        path: inf,
        line: first.line,
        message: `[Strings] has ${names}, which no line uses`,
        hint: 'check the spelling of the names, or remove them',
      },
    ];
  },
});
