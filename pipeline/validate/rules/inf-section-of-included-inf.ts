import { someOf } from '../../core/text.ts';
import { includedSection } from '../../formats/inf/needs.ts';
import { missingSections } from '../../formats/inf/references.ts';
import { defineRule } from '../define.ts';

export const infSectionOfIncludedInf = defineRule({
  id: 'inf/section-of-included-inf',
  severity: 'warning',
  scope: 'package',
  explain: `A directive other than Needs names a section that this INF does not have, and that only an included INF can have (InfVerif 1220).
It works while the included INF of Windows has a section of this name, which another version of Windows may rename or remove; a misspelled name looks the same.
Name the install section of the included INF in Needs, or add a section of your own.`,
  check: ({ inf, parsed, target }) =>
    missingSections(parsed, target.arch)
      .filter(({ infs }) => infs.length > 0)
      .map(({ section, directive, line, infs }) => {
        const known = includedSection(parsed, section);
        const where =
          known === undefined
            ? `which this INF lacks and only ${someOf(infs)} can have`
            : `a section of ${known.inf}`;
        return {
          path: inf,
          line,
          message: `"${directive}" names [${section}], ${where}`,
          hint: 'name the install section of the included INF in Needs, or add a section of your own',
        };
      }),
});
