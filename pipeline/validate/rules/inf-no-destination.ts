import { copiesOf } from '../../formats/inf/files.ts';
import { infSection } from '../../formats/inf/inf.ts';
import { destinationEntry, installSections } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';

export const infNoDestination = defineRule({
  id: 'inf/no-destination',
  severity: 'warning',
  scope: 'package',
  explain: `A CopyFiles directive copies files, but [DestinationDirs] is missing, or has neither the list nor a DefaultDestDir.
The section is required with CopyFiles ("INF DestinationDirs Section"); Windows copies such files to its system folder, and a service does not find its binary elsewhere.
Write list = 12 or DefaultDestDir = 12 in [DestinationDirs], with the directory number of the files.`,
  check: ({ inf, parsed, target: { arch } }) => {
    const installs = installSections(parsed, arch).map(({ name }) => name);
    const open = copiesOf(parsed, arch, installs).filter(
      ({ list }) => destinationEntry(parsed, list) === undefined,
    );
    const lists = new Map(open.map((copy) => [copy.list?.toLowerCase() ?? `@${copy.source}`, copy]));
    const lacking =
      infSection(parsed, 'DestinationDirs') === undefined
        ? 'there is no [DestinationDirs]'
        : 'it has no destination';
    return [...lists.values()].map(({ list, source, line }) => ({
      path: inf,
      line: (list === undefined ? undefined : infSection(parsed, list)?.lines[0]) ?? line,
      message: `copies ${list === undefined ? `"${source}"` : `the list [${infSection(parsed, list)?.name}]`}, but ${lacking}`,
      hint: 'write the list or DefaultDestDir with a directory number in [DestinationDirs]',
    }));
  },
});
