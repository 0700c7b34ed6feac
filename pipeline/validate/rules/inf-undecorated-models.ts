import { headerLine, infSection } from '../../formats/inf/inf.ts';
import { modelsSections } from '../../formats/inf/models.ts';
import { defineRule } from '../define.ts';

export const infUndecoratedModels = defineRule({
  id: 'inf/undecorated-models',
  severity: 'info',
  scope: 'package',
  explain: `A models section has no decoration with an architecture.
Only 32-bit Windows uses it, and since Windows XP only if no decorated section matches.
No action is needed; the section is a leftover from Windows 2000, remove it in the next build.`,
  check: ({ inf, parsed }) =>
    modelsSections(parsed)
      .filter(({ decoration, present }) => present && decoration === '')
      .map(({ section, line }) => ({
        path: inf,
        ...headerLine(infSection(parsed, section)),
        message: `[${section}], named in line ${line}, is a models section without a decoration`,
        hint: 'decorate it with its architecture, such as NTamd64, or remove it',
      })),
});
