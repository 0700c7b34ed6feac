import { headerLine, type Inf, type InfSection } from '../../formats/inf/inf.ts';
import { misspelledSections } from '../../formats/inf/spelling.ts';
import { unusedSections } from '../../formats/inf/unused.ts';
import { defineRule } from '../define.ts';

export const infUnusedSection = defineRule({
  id: 'inf/unused-section',
  severity: 'info',
  scope: 'package',
  explain: `A section of the INF is never used: no line names it, and it is not a section that Windows looks up by name.
Windows ignores it, so its directives have no effect.
Check the spelling of its name, or remove it in the next build.`,
  check: ({ inf, parsed }) =>
    unusedSections(parsed)
      .filter(isNotMisspelled(parsed))
      .map((section) => ({
        path: inf,
        ...headerLine(section),
        message: `[${section.name}] is never used`,
        hint: 'check the spelling of its name, or remove it',
      })),
});

/** inf/misspelled-section reports the others. */
function isNotMisspelled(inf: Inf): (section: InfSection) => boolean {
  const misspelled = new Set(misspelledSections(inf).map(({ section }) => section));
  return ({ name }) => !misspelled.has(name);
}
