import { infSection } from '../../formats/inf/inf.ts';
import { infServices } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';

const needed = [
  ['ServiceType', 'type'],
  ['StartType', 'start'],
  ['ErrorControl', 'errorControl'],
  ['ServiceBinary', 'binary'],
] as const;

export const infIncompleteService = defineRule({
  id: 'inf/incomplete-service',
  severity: 'error',
  scope: 'package',
  explain: `The section of a service lacks ServiceType, StartType, ErrorControl or ServiceBinary, or has an invalid number.
Windows cannot create the service and stops the installation ("The required section was not found in the INF", or "The parameter is incorrect").
Complete the service's section.`,
  check: ({ inf, parsed, target }) => {
    const services = infServices(parsed, target.arch).filter(({ name }) => name !== '');
    const once = new Map(
      services.map((service) => [service.section?.toLowerCase() ?? service.name, service]),
    );
    return [...once.values()].flatMap((service) => {
      const section = service.section === undefined ? undefined : infSection(parsed, service.section);
      // inf/missing-section reports an absent section.
      if (service.section !== undefined && section === undefined) return [];
      const lacking = needed.filter(([, fact]) => service[fact] === undefined).map(([key]) => key);
      if (lacking.length === 0) return [];
      return [
        {
          path: inf,
          line: section?.lines[0] ?? service.line,
          message: `service "${service.name}" has no valid ${lacking.join(', ')}`,
          hint: 'complete the section of the service',
        },
      ];
    });
  },
});
