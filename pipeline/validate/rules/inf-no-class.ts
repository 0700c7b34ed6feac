import { headerLine, infSection, infValue } from '../../formats/inf/inf.ts';
import { guidPattern } from '../../formats/inf/version.ts';
import { isBeforeVista } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';

export const infNoClass = defineRule({
  id: 'inf/no-class',
  severity: 'error',
  scope: 'package',
  explain: `The section [Version] has no Class or no ClassGuid, or the ClassGuid is not a GUID in braces.
Both are required for drivers that Plug and Play installs ("INF Version Section"): without a valid ClassGuid Windows does not know the class of the device, and may refuse the INF.
Windows XP and Server 2003 find the GUID by the name, so the rule skips them.
Write both, as listed in "System-Defined Device Setup Classes Available to Vendors".`,
  check: ({ inf, parsed, row }) => {
    const version = infSection(parsed, 'Version');
    if (version === undefined || infSection(parsed, 'Manufacturer') === undefined || isBeforeVista(row))
      return [];
    const hint = 'write Class and ClassGuid of the device in [Version]';
    const guid = infValue(parsed, 'Version', 'ClassGuid');
    const lacking = ['Class', 'ClassGuid'].filter((key) => !infValue(parsed, 'Version', key)?.value.trim());
    const missing = lacking.map((key) => ({
      path: inf,
      ...headerLine(version),
      message: `[Version] has no ${key}`,
      hint,
    }));
    if (guid === undefined || lacking.includes('ClassGuid') || guidPattern.test(guid.value)) return missing;
    const message = `its ClassGuid "${guid.value}" is not a GUID in braces`;
    return [...missing, { path: inf, line: guid.line, message, hint }];
  },
});
