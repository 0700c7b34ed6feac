import { headerLine } from '../../formats/inf/inf.ts';
import { versionFacts } from '../../formats/inf/version.ts';
import { systemClasses } from '../../formats/windows/setup-classes.ts';
import { defineRule } from '../define.ts';

export const infClassInstallOfMicrosoftClass = defineRule({
  id: 'inf/class-install-of-microsoft-class',
  severity: 'error',
  scope: 'package',
  explain: `The INF has [ClassInstall32] for a device class that Windows itself defines.
It would overwrite the class's settings for all devices of the guest, and Microsoft certifies no such driver (InfVerif 1285).
Take [ClassInstall32] out, or make a class of your own.`,
  check: ({ inf, parsed }) => {
    const setupClass = systemClasses.get(versionFacts(parsed).classGuid ?? '');
    if (setupClass === undefined) return [];
    return [...parsed.sections.values()]
      .filter(({ name }) => /^ClassInstall32(\.nt\w*)?$/i.test(name))
      .map((section) => ({
        path: inf,
        ...headerLine(section),
        message: `[${section.name}] changes the class ${setupClass}, which is Microsoft's`,
        hint: 'take the section out, or make a class of your own',
      }));
  },
});
