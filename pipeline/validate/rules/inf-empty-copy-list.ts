import { headerLine } from '../../formats/inf/inf.ts';
import { namedSections } from '../../formats/inf/references.ts';
import { defineRule } from '../define.ts';

export const infEmptyCopyList = defineRule({
  id: 'inf/empty-copy-list',
  severity: 'warning',
  scope: 'package',
  explain: `A CopyFiles directive names an empty list.
Windows copies no file; usually a build removed a co-installer, or a file was forgotten.
Remove the list and its name from the INF, or list the file.`,
  check: ({ inf, parsed }) =>
    namedSections(parsed, 'CopyFiles')
      .filter(({ entries }) => entries.length === 0)
      .map((section) => ({
        path: inf,
        ...headerLine(section),
        message: `[${section.name}] is an empty CopyFiles list`,
        hint: 'remove the list and its name, or list the missing file',
      })),
});
