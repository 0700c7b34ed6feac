import { headerLine, infEntries, infSection } from '../../formats/inf/inf.ts';
import { isBeforeVista } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';

export const infNoProvider = defineRule({
  id: 'inf/no-provider',
  severity: 'error',
  scope: 'package',
  explain: `The section [Version] has no Provider, or an empty one.
The entry is required for drivers that Plug and Play installs ("INF Version Section"): Windows shows the driver without a provider, and Microsoft does not certify it.
Drivers of the time of Windows XP often lack it, so the rule skips XP and Server 2003. A blank one (" ") passes certification and is not reported.
Write Provider = %Vendor% with the name of the driver's builder.`,
  check: ({ inf, parsed, row }) => {
    const version = infSection(parsed, 'Version');
    if (infSection(parsed, 'Manufacturer') === undefined || isBeforeVista(row)) return [];
    const [provider] = infEntries(parsed, 'Version', 'Provider');
    if (version === undefined || (provider?.values[0] ?? '') !== '') return [];
    const hint = "write Provider with the name of the driver's builder in [Version]";
    const place = provider === undefined ? headerLine(version) : { line: provider.line };
    const message = provider === undefined ? '[Version] has no Provider' : 'the Provider is empty';
    return [{ path: inf, ...place, message, hint }];
  },
});
