import { someOf } from '../../core/text.ts';
import { unusedStrings } from '../../formats/inf/unused.ts';
import { defineRule } from '../define.ts';

export const infUnusedString = defineRule({
  id: 'inf/unused-string',
  severity: 'info',
  scope: 'package',
  explain: `The section [Strings] defines texts that no line of the INF uses.
Windows ignores them.
Nothing has to be done; look whether a name is misspelled, else take them out in the next build.`,
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
        hint: 'look whether a name is misspelled, else take them out',
      },
    ];
  },
});
