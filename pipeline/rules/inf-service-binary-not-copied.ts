import { defineRule } from '../define.ts';
import { inboxBinaries } from '../windows/inbox-binaries.ts';
import { type Inf, infEntries, infValue } from '../windows/inf.ts';
import { copyTargets } from '../windows/inf-files.ts';
import { infServices } from '../windows/inf-services.ts';

export const infServiceBinaryNotCopied = defineRule({
  id: 'inf/service-binary-not-copied',
  severity: 'error',
  scope: 'package',
  explain: `The INF creates a service of a program that it does not copy to the guest.
The service does not start, since Windows finds no file at its path (Code 39 in the Device Manager); with a storage driver the guest does not boot.
Copy the file with CopyFiles, or correct the path in ServiceBinary.
Programs that every Windows has, such as WUDFRd.sys, are not judged, nor is an INF that includes another.`,
  check: ({ inf, parsed, target: { arch } }) => {
    if (includesAnother(parsed)) return [];
    const copied = copyTargets(parsed, arch);
    const sections = new Set(
      infServices(parsed, arch).flatMap(({ section }) => section?.toLowerCase() ?? []),
    );
    return [...sections].flatMap((section) => {
      const binary = infValue(parsed, section, 'ServiceBinary');
      const file = binary?.value.match(/[^\\/]*$/)?.[0] ?? '';
      const isThere = [copied, inboxBinaries].some((names) => names.has(file.toLowerCase()));
      if (binary === undefined || file === '' || isThere) return [];
      return [
        {
          path: inf,
          line: binary.line,
          message: `the service runs "${file}", which the INF does not copy`,
          hint: 'copy the file with CopyFiles, or correct ServiceBinary',
        },
      ];
    });
  },
});

function includesAnother(inf: Inf): boolean {
  return [...inf.sections.keys()].some((section) => infEntries(inf, section, 'Include').length > 0);
}
