import { missingSections } from '../../formats/inf/references.ts';
import { defineRule } from '../define.ts';

export const infMissingSection = defineRule({
  id: 'inf/missing-section',
  severity: 'error',
  scope: 'package',
  explain: `The INF refers to a section that it does not have: an install section, a list of files or registry values, or a service.
Windows stops the installation there, or skips the missing section.
Add the section, or correct its name where it is used.
Where the INF includes another INF, inf/section-of-included-inf reports the section instead.`,
  check: ({ inf, parsed, target }) =>
    missingSections(parsed, target.arch)
      .filter(({ infs }) => infs.length === 0)
      .map(({ section, directive, line }) => ({
        path: inf,
        line,
        message: `${directive === 'model' ? 'a device is installed by' : `"${directive}" names`} [${section}], which is missing`,
        hint: 'add the section, or correct its name in this line',
      })),
});
