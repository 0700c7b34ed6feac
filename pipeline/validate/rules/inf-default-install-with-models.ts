import { headerLine, infSection } from '../../formats/inf/inf.ts';
import { defaultInstalls } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';

export const infDefaultInstallWithModels = defineRule({
  id: 'inf/default-install-with-models',
  severity: 'error',
  scope: 'package',
  explain: `The INF has both [DefaultInstall] and [Manufacturer].
It is either a driver for devices or one that is installed without any; Windows runs only one of the two, and Microsoft certifies no such mixture (InfVerif 1212).
Take one of them out, or make two INFs.`,
  check: ({ inf, parsed }) =>
    infSection(parsed, 'Manufacturer') === undefined
      ? []
      : defaultInstalls(parsed).map((section) => ({
          path: inf,
          ...headerLine(section),
          message: `has both [${section.name}] and [Manufacturer]`,
          hint: 'take one of them out, or make two INFs',
        })),
});
