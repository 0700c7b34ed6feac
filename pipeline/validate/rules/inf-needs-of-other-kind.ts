import { infEntries } from '../../formats/inf/inf.ts';
import { defineRule } from '../define.ts';

export const infNeedsOfOtherKind = defineRule({
  id: 'inf/needs-of-other-kind',
  severity: 'warning',
  scope: 'package',
  explain: `Needs of a .Services section names a section that is none, or the other way round, such as [Install.Services] with Needs = WUDFRD.NT instead of WUDFRD.NT.Services.
Windows processes the needed section as if its lines were here, where most of them have no meaning, so that files or services are missing (InfVerif 1310 to 1312).
Name the section with the same suffix.`,
  check: ({ inf, parsed }) =>
    [...parsed.sections.values()].flatMap(({ name }) =>
      infEntries(parsed, name, 'Needs').flatMap(({ values, line }) =>
        values
          .filter((needed) => needed !== '' && isOfServices(needed) !== isOfServices(name))
          .map((needed) => ({
            path: inf,
            line,
            message: `[${name}] needs [${needed}], a section of another kind`,
            hint: 'name the section with the same suffix',
          })),
      ),
    ),
});

/** The other kinds are not compared: Microsoft's own pages name PciIoSpaceNotRequired in Needs of an .HW section. */
function isOfServices(section: string): boolean {
  return section.toLowerCase().endsWith('.services');
}
