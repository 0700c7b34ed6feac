import { type Inf, infValue } from '../../formats/inf/inf.ts';
import { infServices, serviceFile } from '../../formats/inf/install.ts';
import { infNumber } from '../../formats/inf/lines.ts';
import { defineRule } from '../define.ts';
import { isDriverFile } from '../facts.ts';

/** The values of Microsoft's "INF AddService Directive"; 0x4 and 0x8 are of winnt.h (adapters and file system recognizers), 0x50 and 0x60 user services. */
const types: ReadonlySet<number> = new Set([0x1, 0x2, 0x4, 0x8, 0x10, 0x20, 0x50, 0x60, 0x110, 0x120]);

const allowed: Readonly<Record<string, (value: number) => boolean>> = {
  ServiceType: (value) => types.has(value),
  StartType: (value) => value <= 4,
  ErrorControl: (value) => value <= 3,
};

export const infBadServiceValue = defineRule({
  id: 'inf/bad-service-value',
  severity: 'error',
  scope: 'package',
  explain: `ServiceType, StartType or ErrorControl of a service is not a value that Windows knows: StartType is 0 to 4, ErrorControl 0 to 3, ServiceType 1 or 2 for a driver and 0x10 or 0x20 for a program. Or the ServiceType is that of a program, and ServiceBinary is a driver (.sys).
Windows cannot create the service ("The parameter is incorrect") and stops the installation, or never loads the driver.
Write a value of "INF AddService Directive". inf/incomplete-service reports what is missing or not a number.`,
  check: ({ inf, parsed, target }) =>
    serviceSections(parsed, target.arch).flatMap((section) =>
      Object.entries(allowed).flatMap(([key, isAllowed]) => {
        const found = infValue(parsed, section, key);
        const value = infNumber(found?.value);
        if (found === undefined || value === undefined) return [];
        const fact = isAllowed(value)
          ? programOfDriver(parsed, section, key, value)
          : 'which Windows does not know';
        if (fact === undefined) return [];
        const message = `the ${key} of [${section}] is ${found.value}, ${fact}`;
        return [
          { path: inf, line: found.line, message, hint: 'write a value of "INF AddService Directive"' },
        ];
      }),
    ),
});

/** SERVICE_WIN32_OWN_PROCESS and SERVICE_WIN32_SHARE_PROCESS. */
const programTypes = 0x30;

function programOfDriver(inf: Inf, section: string, key: string, value: number): string | undefined {
  const file = serviceFile(infValue(inf, section, 'ServiceBinary')?.value ?? '');
  const isProgram = key === 'ServiceType' && (value & programTypes) !== 0;
  return isProgram && isDriverFile(file)
    ? `a program, but its ServiceBinary is the driver "${file}"`
    : undefined;
}

function serviceSections(inf: Inf, arch: Parameters<typeof infServices>[1]): string[] {
  const named = infServices(inf, arch).flatMap(({ section }) => section ?? []);
  return [...new Map(named.map((section) => [section.toLowerCase(), section])).values()];
}
