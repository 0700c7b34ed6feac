import { infValue } from '../../formats/inf/inf.ts';
import { defineRule } from '../define.ts';

export const infMicrosoftProvider = defineRule({
  id: 'inf/microsoft-provider',
  severity: 'error',
  scope: 'package',
  explain: `The INF names Microsoft as the provider of the driver.
The name is reserved for drivers of Windows itself, and Microsoft does not certify others that use it (InfVerif 1204).
Write the name of the vendor in Provider.`,
  check: ({ inf, parsed }) => {
    const provider = infValue(parsed, 'Version', 'Provider');
    if (provider?.value.trim().toLowerCase() !== 'microsoft') return [];
    return [
      {
        path: inf,
        line: provider.line,
        message: `its Provider is "${provider.value}"`,
        hint: "write the name of the driver's builder in Provider",
      },
    ];
  },
});
