import { modelsSections } from '../../formats/inf/models.ts';
import { defineRule } from '../define.ts';

export const infMissingModelsSection = defineRule({
  id: 'inf/missing-models-section',
  severity: 'error',
  scope: 'package',
  explain: `The section [Manufacturer] names a models section that the INF does not have.
The Windows that would take this section finds no device in it, so that the driver does not install there.
Add the section, or take its decoration out of [Manufacturer].`,
  check: ({ inf, parsed }) =>
    modelsSections(parsed)
      .filter(({ present }) => !present)
      .map(({ section, line }) => ({
        path: inf,
        line,
        message: `[Manufacturer] names [${section}], which is absent`,
        hint: 'add the section, or take its name out of [Manufacturer]',
      })),
});
