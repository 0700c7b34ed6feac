import { modelsSections } from '../../formats/inf/models.ts';
import { defineRule } from '../define.ts';

export const infBadDecoration = defineRule({
  id: 'inf/bad-decoration',
  severity: 'warning',
  scope: 'package',
  explain: `A decoration in [Manufacturer] is not of the form NT[architecture][.major[.minor[.product[.suite[.build]]]]], such as NTamd64.10.0...16299.
Windows never selects its models section, so the driver does not install where it should ("INF Manufacturer Section").
Correct the spelling, also in the name of the models section. inf/template-token reports NT$ARCH$.`,
  check: ({ inf, parsed }) =>
    modelsSections(parsed)
      .filter(
        ({ decoration, target }) => decoration !== '' && target === undefined && !decoration.includes('$'),
      )
      .map(({ decoration, line }) => ({
        path: inf,
        line,
        message: `"${decoration}" is not a decoration that Windows knows`,
        hint: 'write it as NTamd64.10.0...16299, also in the name of the models section',
      })),
});
