import { infSection } from '../../formats/inf/inf.ts';
import { associatesDevice, installSection, modelsFor, servicesOf } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';

export const infSeveralFunctionServices = defineRule({
  id: 'inf/several-function-services',
  severity: 'error',
  scope: 'package',
  explain: `An install section makes two services the function driver of its device (AddService with the flag 0x2).
A device has exactly one ("INF AddService Directive"): Windows uses the last one, and the other driver is never started for the device.
Remove the flag 0x2 from the filters and helpers.`,
  check: ({ inf, parsed, target: { arch } }) => {
    const sections = modelsFor(parsed, arch).flatMap(
      (model) => installSection(parsed, model.installSection, arch) ?? [],
    );
    return [...new Set(sections)].flatMap(({ name }) => {
      const functions = servicesOf(parsed, [name]).filter(associatesDevice);
      const names = [...new Set(functions.map((service) => service.name.toLowerCase()))];
      const second = functions.find((service) => service.name.toLowerCase() === names[1]);
      if (second === undefined || infSection(parsed, name) === undefined) return [];
      const all = names.map((found) => (found === '' ? 'the null driver' : `"${found}"`)).join(' and ');
      return [
        {
          path: inf,
          line: second.line,
          message: `[${name}] makes ${all} the function driver of its device`,
          hint: 'remove the flag 0x2 from all but one AddService',
        },
      ];
    });
  },
});
