import { infValue } from '../../formats/inf/inf.ts';
import { defineRule } from '../define.ts';

export const infMicrosoftProvider = defineRule({
  id: 'inf/microsoft-provider',
  severity: 'error',
  scope: 'package',
  explain: `The INF says that Microsoft provides the driver.
Windows keeps this name for its own drivers, and Microsoft certifies no other driver that has it (InfVerif 1204).
Put the name of whoever built the driver into Provider.`,
  check: ({ inf, parsed }) => {
    const provider = infValue(parsed, 'Version', 'Provider');
    if (provider?.value.trim().toLowerCase() !== 'microsoft') return [];
    return [
      {
        path: inf,
        line: provider.line,
        message: `its Provider is "${provider.value}"`,
        hint: 'put the name of whoever built the driver into Provider',
      },
    ];
  },
});
