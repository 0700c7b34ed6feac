import type { Inf } from '../../formats/inf/inf.ts';
import { parseDecoration } from '../../formats/inf/models.ts';
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
  check: ({ inf, parsed, target, anyArch }) =>
    missingSections(parsed, target.arch)
      .filter(({ infs }) => infs.length === 0)
      .map((found) => ({ ...found, decorated: decoratedNames(parsed, found.section) }))
      .filter(({ directive, decorated }) => !(anyArch && directive === 'model' && decorated.length > 0))
      .map(({ section, directive, line, decorated }) => {
        const user = directive === 'model' ? 'a device is installed by' : `"${directive}" names`;
        const others = decorated.length === 0 ? '' : `; the INF has ${decorated.join(', ')}`;
        return {
          path: inf,
          line,
          message: `${user} [${section}], which is missing${others}`,
          hint: 'add the section, or correct its name in this line',
        };
      }),
});

/** Returns the names of the sections that are this one for other platforms, in brackets. */
function decoratedNames({ sections }: Inf, name: string): string[] {
  const start = `${name.toLowerCase()}.`;
  return [...sections.values()]
    .filter((section) => section.name.toLowerCase().startsWith(start))
    .filter((section) => parseDecoration(section.name.slice(start.length)) !== undefined)
    .map((section) => `[${section.name}]`);
}
