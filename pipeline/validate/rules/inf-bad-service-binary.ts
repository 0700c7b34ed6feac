import { infValue } from '../../formats/inf/inf.ts';
import { infServices, servicePath } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';

export const infBadServiceBinary = defineRule({
  id: 'inf/bad-service-binary',
  severity: 'error',
  scope: 'package',
  explain: `The path in ServiceBinary does not begin with a directory number such as %12%: it has a drive letter, a number without both percent signs or without a backslash behind it, or no folder; or the path of a driver has a slash, or text after the name of the file.
Windows looks for the file in a folder that does not exist on most machines, and the service does not start ("Using Dirids" gives 12\\file.sys as an error).
Write ServiceBinary = %12%\\file.sys, with the directory number of [DestinationDirs].`,
  check: ({ inf, parsed, target }) => {
    const named = infServices(parsed, target.arch).flatMap(({ section }) => section?.toLowerCase() ?? []);
    return [...new Set(named)].flatMap((section) => {
      const binary = infValue(parsed, section, 'ServiceBinary');
      const fault = binary === undefined ? undefined : faultOf(servicePath(binary.value), binary.value);
      if (binary === undefined || fault === undefined) return [];
      return [
        {
          path: inf,
          line: binary.line,
          message: `its ServiceBinary "${binary.value}" ${fault}`,
          hint: 'write ServiceBinary = %12%\\file.sys, with the directory number of [DestinationDirs]',
        },
      ];
    });
  },
});

/** Paths below the Windows folder, such as system32\drivers\x.sys, are what the registry holds in the end and work. */
function faultOf(path: string, command: string): string | undefined {
  if (/^[a-z]:/i.test(path)) return 'has a drive letter';
  if (/^\d+[\\/]/.test(path)) return 'has a directory number without percent signs';
  if (/^%\d+[\\/]/.test(path)) return 'has a directory number with one percent sign';
  if (/^%\d+%[^\\/]/.test(path)) return 'has no backslash after the directory number';
  if (/\.sys$/i.test(path) && /\.sys"?\s+\S/i.test(command))
    return 'has text after the name of the driver, which takes no arguments';
  if (/\.sys$/i.test(path) && path.includes('/'))
    return 'has a slash, which the kernel does not take for a backslash';
  return path !== '' && !/[\\/%]/.test(path) ? 'has no folder' : undefined;
}
