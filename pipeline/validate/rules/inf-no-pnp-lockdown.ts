import { headerLine, infSection } from '../../formats/inf/inf.ts';
import { versionFacts } from '../../formats/inf/version.ts';
import { defineRule } from '../define.ts';

export const infNoPnpLockdown = defineRule({
  id: 'inf/no-pnp-lockdown',
  severity: 'warning',
  scope: 'package',
  explain: `The section [Version] does not set PnpLockdown = 1.
Windows then lets programs overwrite the driver's files, and Microsoft's checks report it.
Write PnpLockdown = 1 in [Version] in the next build.`,
  check: ({ inf, parsed }) => {
    const version = infSection(parsed, 'Version');
    if (version === undefined || versionFacts(parsed).pnpLockdown) return [];
    return [
      {
        path: inf,
        ...headerLine(version),
        message: '[Version] does not set PnpLockdown = 1',
        hint: 'write PnpLockdown = 1 in [Version] in the next build',
      },
    ];
  },
});
