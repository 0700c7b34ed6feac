import { headerLine, infSection } from '../../formats/inf/inf.ts';
import { misspelledSections } from '../../formats/inf/spelling.ts';
import { defineRule } from '../define.ts';

export const infMisspelledSection = defineRule({
  id: 'inf/misspelled-section',
  severity: 'warning',
  scope: 'package',
  explain: `A section that nothing names has almost the name of a section that Windows looks for and the INF lacks, such as [DestinationDir] for [DestinationDirs].
Windows ignores the section, with all its lines.
Correct its name.`,
  check: ({ inf, parsed }) =>
    misspelledSections(parsed).map(({ section, meant }) => ({
      path: inf,
      ...headerLine(infSection(parsed, section)),
      message: `[${section}] is not used; Windows looks for [${meant}]`,
      hint: `write [${meant}] if that is meant`,
    })),
});
