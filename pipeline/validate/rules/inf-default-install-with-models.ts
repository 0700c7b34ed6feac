import { headerLine, infSection } from '../../formats/inf/inf.ts';
import { defaultInstalls } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';

export const infDefaultInstallWithModels = defineRule({
  id: 'inf/default-install-with-models',
  severity: 'warning',
  scope: 'package',
  explain: `The INF has both [DefaultInstall] and [Manufacturer].
An INF installs a driver either for devices or without a device. Windows uses [Manufacturer] for a device and [DefaultInstall] where a user installs the INF by hand, so that the two can disagree; Microsoft's checks refuse such an INF (InfVerif 1212).
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
