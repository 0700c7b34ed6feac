import { infValue } from '../../formats/inf/inf.ts';
import { classInstalls } from '../../formats/inf/install.ts';
import { guidPattern } from '../../formats/inf/version.ts';
import { classGuids, systemClasses } from '../../formats/windows/setup-classes.ts';
import { defineRule } from '../define.ts';

export const infClassMismatch = defineRule({
  id: 'inf/class-mismatch',
  severity: 'error',
  scope: 'package',
  explain: `Class and ClassGuid in [Version] do not belong together: one of them is of a class that Windows defines, the other is not.
Windows installs the device into the class of the GUID, with its class installer and filters; tools that read the name show another class, and Microsoft does not certify the driver.
Write the pair as listed in "System-Defined Device Setup Classes Available to Vendors". An INF may define a class of its own under such a name ([ClassInstall32]), as some drivers older than the class do.`,
  check: ({ inf, parsed }) => {
    const name = infValue(parsed, 'Version', 'Class');
    const guid = infValue(parsed, 'Version', 'ClassGuid');
    if (name === undefined || guid === undefined || !guidPattern.test(guid.value)) return [];
    const className = systemClasses.get(guid.value.toLowerCase());
    const classGuid = classGuids.get(name.value.toLowerCase());
    if (className === undefined && classGuid === undefined) return [];
    if (className?.toLowerCase() === name.value.toLowerCase()) return [];
    if (className === undefined && classInstalls(parsed).length > 0) return [];
    const facts = [
      ...(className === undefined ? [] : [`the ClassGuid is of the class ${className}`]),
      ...(classGuid === undefined ? [] : [`the class has the ClassGuid ${classGuid}`]),
    ];
    return [
      {
        path: inf,
        line: guid.line,
        message: `its Class is ${name.value}, but ${facts.join(', and ')}`,
        hint: 'write the name and the GUID of one class',
      },
    ];
  },
});
