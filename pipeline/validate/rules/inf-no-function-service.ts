import { headerLine, type Inf, type InfSection, infEntries, infSection } from '../../formats/inf/inf.ts';
import { installSection, modelsFor } from '../../formats/inf/install.ts';
import { infNumber } from '../../formats/inf/lines.ts';
import { includedSection, leadingTo, needsNamesake } from '../../formats/inf/needs.ts';
import { versionFacts } from '../../formats/inf/version.ts';
import { classesWithoutService, systemClasses } from '../../formats/windows/setup-classes.ts';
import { defineRule } from '../define.ts';

export const infNoFunctionService = defineRule({
  id: 'inf/no-function-service',
  severity: 'error',
  scope: 'package',
  explain: `A device of the INF has no function driver: no AddService of its install section has the flag 0x2, nor is it a null driver ("AddService = ,2").
Windows stops the installation with error 0xE0000219: no function driver was specified for the device.
Add 0x2 (SPSVCINST_ASSOCSERVICE) to the flags of the device's own service.
The rule follows Needs, also to the INFs of Windows whose sections it knows; an unknown section counts as one with a service. It skips classes that need no such service, such as network protocols, printers and software components, and install sections without a line, which certified INFs have for devices without a driver.`,
  check: ({ inf, parsed, target: { arch } }) => {
    const { class: className = '', classGuid = '' } = versionFacts(parsed);
    const setupClass = systemClasses.get(classGuid) ?? className;
    if (classesWithoutService.has(setupClass.toLowerCase())) return [];
    const sections = modelsFor(parsed, arch).flatMap(
      (model) => installSection(parsed, model.installSection, arch) ?? [],
    );
    const associating = associatingSections(parsed);
    return [...new Set(sections)]
      .filter((section) => !isEmpty(parsed, section))
      .filter(({ name }) => !['', '.services'].some((suffix) => associating.has(name.toLowerCase() + suffix)))
      .map((section) => ({
        path: inf,
        ...headerLine(section),
        message: `[${section.name}] gives its device no function service (AddService with flag 0x2)`,
        hint: 'add the flag 0x2 to the AddService of the device, or write AddService = ,2 for a null driver',
      }));
  },
});

/** Certified storage drivers name an empty section for enclosures and pseudo devices. */
function isEmpty(inf: Inf, { name, entries }: InfSection): boolean {
  return entries.length === 0 && infSection(inf, `${name}.Services`) === undefined;
}

const associated = 0x2;

/** Returns the sections that associate a service, in lower case; a section of an included INF that is not known counts as one. */
function associatingSections(inf: Inf): Set<string> {
  return leadingTo(inf, (name) => {
    if (infSection(inf, name) === undefined || needsNamesake(inf, name)) {
      const known = includedSection(inf, name);
      return known === undefined || known.isFunction === true;
    }
    return infEntries(inf, name, 'AddService').some(
      ({ values }) => ((infNumber(values[1]) ?? 0) & associated) !== 0,
    );
  });
}
