import { someOf } from '../../core/text.ts';
import { type Inf, infSection } from '../../formats/inf/inf.ts';
import { usedStrings } from '../../formats/inf/unused.ts';
import { defineRule } from '../define.ts';

export const infUntranslatedString = defineRule({
  id: 'inf/untranslated-string',
  severity: 'warning',
  scope: 'package',
  explain: `A localised section such as [Strings.0407] lacks tokens that the INF uses and [Strings] defines, or defines tokens that [Strings] lacks.
Windows uses one of the sections, chosen by its language, and each must define every token ("INF Strings Section"): in the other languages users see the token itself, or a number or a file name is wrong.
Define every token in every [Strings] section, also constants.`,
  check: ({ inf, parsed }) => {
    const used = usedStrings(parsed);
    const localised = [...parsed.sections].filter(([name]) => name.startsWith('strings.'));
    const main = keysOf(parsed, 'strings');
    const all = new Set([...main, ...localised.flatMap(([name]) => [...keysOf(parsed, name)])]);
    const sections = [...(localised.length > 0 ? ['strings'] : []), ...localised.map(([name]) => name)];
    return sections.flatMap((name) => {
      const own = keysOf(parsed, name);
      const section = infSection(parsed, name);
      const lacking = [...all].filter((key) => used.has(key) && !own.has(key)).map((key) => `%${key}%`);
      if (lacking.length === 0) return [];
      return [
        {
          path: inf,
          line: section?.lines[0] ?? 1,
          message: `[${section?.name ?? 'Strings'}] does not define ${someOf(lacking)}, which other languages define`,
          hint: 'define every token in every [Strings] section',
        },
      ];
    });
  },
});

function keysOf(inf: Inf, section: string): Set<string> {
  return new Set((infSection(inf, section)?.entries ?? []).flatMap(({ key }) => key?.toLowerCase() ?? []));
}
