import { headerLine, infSection } from '../../formats/inf/inf.ts';
import { defaultInstalls } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';

export const infDefaultInstallWithModels = defineRule({
  id: 'inf/default-install-with-models',
  severity: 'error',
  scope: 'package',
  explain: `The INF has both [DefaultInstall] and [Manufacturer].
An INF installs a driver either for devices or without a device; Windows processes only one of the two, and Microsoft does not certify such drivers (InfVerif 1212).
Remove one of them, or make two INFs.`,
  check: ({ inf, parsed }) =>
    infSection(parsed, 'Manufacturer') === undefined
      ? []
      : defaultInstalls(parsed).map((section) => ({
          path: inf,
          ...headerLine(section),
          message: `has both [${section.name}] and [Manufacturer]`,
          hint: 'remove one of them, or make two INFs',
        })),
});
