import { modelsSections } from '../../formats/inf/models.ts';
import { defineRule } from '../define.ts';

export const infMissingModelsSection = defineRule({
  id: 'inf/missing-models-section',
  severity: 'error',
  scope: 'package',
  explain: `The section [Manufacturer] names a models section that the INF does not have.
A Windows that selects this section finds no device, so the driver does not install there.
Add the section, or remove its decoration from [Manufacturer].`,
  check: ({ inf, parsed }) =>
    modelsSections(parsed)
      .filter(({ present }) => !present)
      .map(({ section, line }) => ({
        path: inf,
        line,
        message: `[Manufacturer] names [${section}], which is missing`,
        hint: 'add the section, or remove its name from [Manufacturer]',
      })),
});
