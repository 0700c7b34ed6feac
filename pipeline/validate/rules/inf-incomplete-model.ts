import { infEntries } from '../../formats/inf/inf.ts';
import { modelsSections } from '../../formats/inf/models.ts';
import { defineRule } from '../define.ts';

export const infIncompleteModel = defineRule({
  id: 'inf/incomplete-model',
  severity: 'warning',
  scope: 'package',
  explain: `A line of a models section is not "description = install section, hardware ID": it has no equals sign, no install section or no hardware ID.
Windows finds no device by this line ("INF Models Section").
Complete the line, or put a semicolon before a comment.`,
  check: ({ inf, parsed }) => {
    const sections = new Set(modelsSections(parsed).map(({ section }) => section.toLowerCase()));
    return [...sections].flatMap((section) =>
      infEntries(parsed, section).flatMap(({ key, values: [install = '', ...ids], line }) => {
        const lacking = key === undefined ? 'equals sign' : install === '' ? 'install section' : undefined;
        const fault = lacking ?? (ids.every((id) => id === '') ? 'hardware ID' : undefined);
        if (fault === undefined || (key === undefined && install === '')) return [];
        return [
          {
            path: inf,
            line,
            message: `the model "${(key ?? install).slice(0, 60)}" has no ${fault}`,
            hint: 'write description = install section, hardware ID',
          },
        ];
      }),
    );
  },
});
