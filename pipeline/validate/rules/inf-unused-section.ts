import { headerLine } from '../../formats/inf/inf.ts';
import { unusedSections } from '../../formats/inf/unused.ts';
import { defineRule } from '../define.ts';

export const infUnusedSection = defineRule({
  id: 'inf/unused-section',
  severity: 'info',
  scope: 'package',
  explain: `A section of the INF is never used: no line names it, and Windows does not look for it by its name.
Windows ignores it; what it should do does not happen.
Look whether its name is misspelled, else take it out in the next build.`,
  check: ({ inf, parsed }) =>
    unusedSections(parsed).map((section) => ({
      path: inf,
      ...headerLine(section),
      message: `[${section.name}] is never used`,
      hint: 'look whether its name is misspelled, else take it out',
    })),
});
