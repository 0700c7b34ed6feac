import { headerLine, type Inf } from '../../formats/inf/inf.ts';
import { classInstalls } from '../../formats/inf/install.ts';
import { modelsSections } from '../../formats/inf/models.ts';
import { versionFacts } from '../../formats/inf/version.ts';
import { systemClasses } from '../../formats/windows/setup-classes.ts';
import { isWindows10 } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';

export const infClassInstallOfMicrosoftClass = defineRule({
  id: 'inf/class-install-of-microsoft-class',
  severity: 'error',
  scope: 'package',
  explain: `The INF has [ClassInstall32] for a device class that Windows defines.
It would overwrite the class settings for all devices of the guest; since Windows 10 Microsoft does not certify such drivers (InfVerif 1285), so the rule skips older versions, whose drivers often have it.
Remove [ClassInstall32], or define your own class.`,
  check: ({ inf, parsed, row }) => {
    if (row === undefined ? servesOlderWindows(parsed) : !isWindows10(row)) return [];
    const setupClass = systemClasses.get(versionFacts(parsed).classGuid ?? '');
    if (setupClass === undefined) return [];
    return classInstalls(parsed).map((section) => ({
      path: inf,
      ...headerLine(section),
      message: `[${section.name}] changes the class ${setupClass}, which Windows defines`,
      hint: 'remove the section, or define your own class',
    }));
  },
});

/** Whether some models are also for Windows before 10: Windows 7 lacks USBDevice, so an INF for it defines that class. */
function servesOlderWindows(inf: Inf): boolean {
  return modelsSections(inf).some(({ target, models }) => models.length > 0 && (target?.major ?? 0) < 10);
}
