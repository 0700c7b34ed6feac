import { headerLine, infSection } from '../../formats/inf/inf.ts';
import { modelsSections } from '../../formats/inf/models.ts';
import { defineRule } from '../define.ts';

export const infUndecoratedModels = defineRule({
  id: 'inf/undecorated-models',
  severity: 'info',
  scope: 'package',
  explain: `A models section has no decoration that says for which architecture it is.
Only 32-bit Windows takes it, and since Windows XP only when no decorated section fits.
Nothing has to be done; it is a leftover of Windows 2000, to be taken out in the next build.`,
  check: ({ inf, parsed }) =>
    modelsSections(parsed)
      .filter(({ decoration, present }) => present && decoration === '')
      .map(({ section, line }) => ({
        path: inf,
        ...headerLine(infSection(parsed, section)),
        message: `[${section}], named in line ${line}, is a models section without a decoration`,
        hint: 'decorate it with its architecture, as in NTamd64, or take it out',
      })),
});
