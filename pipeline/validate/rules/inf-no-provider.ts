import { headerLine, infSection } from '../../formats/inf/inf.ts';
import { versionFacts } from '../../formats/inf/version.ts';
import { isBeforeVista } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';

export const infNoProvider = defineRule({
  id: 'inf/no-provider',
  severity: 'error',
  scope: 'package',
  explain: `The section [Version] has no Provider, or an empty one.
The entry is required for drivers that Plug and Play installs ("INF Version Section"): Windows shows the driver without a provider, and Microsoft does not certify it.
Drivers of the time of Windows XP often lack it, so the rule skips XP and Server 2003.
Write Provider = %Vendor% with the name of the driver's builder.`,
  check: ({ inf, parsed, row }) => {
    const version = infSection(parsed, 'Version');
    if (infSection(parsed, 'Manufacturer') === undefined || isBeforeVista(row)) return [];
    if (version === undefined || (versionFacts(parsed).provider ?? '').trim() !== '') return [];
    const hint = "write Provider with the name of the driver's builder in [Version]";
    return [{ path: inf, ...headerLine(version), message: '[Version] has no Provider', hint }];
  },
});
