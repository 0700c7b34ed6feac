import { infValue } from '../../formats/inf/inf.ts';
import { reservedClasses } from '../../formats/windows/setup-classes.ts';
import { defineRule } from '../define.ts';

export const infReservedClass = defineRule({
  id: 'inf/reserved-class',
  severity: 'warning',
  scope: 'package',
  explain: `The class of the INF is reserved for Windows itself, obsolete, or the "Sample" of Microsoft's examples.
Windows installs the device, but shows it in the wrong place; Microsoft does not certify the driver (InfVerif 1284; "System-Defined Device Setup Classes Reserved for System Use").
Use a class that is available to vendors, or define your own.`,
  check: ({ inf, parsed }) => {
    const name = infValue(parsed, 'Version', 'Class');
    if (name === undefined || !reservedClasses.has(name.value.toLowerCase())) return [];
    const hint = 'use a class that is available to vendors, or define your own';
    return [{ path: inf, line: name.line, message: `its class ${name.value} is reserved`, hint }];
  },
});
