import { headerLine } from '../../formats/inf/inf.ts';
import { namedSections } from '../../formats/inf/references.ts';
import { defineRule } from '../define.ts';

export const infEmptyCopyList = defineRule({
  id: 'inf/empty-copy-list',
  severity: 'warning',
  scope: 'package',
  explain: `A CopyFiles directive names a list without any file.
Windows copies nothing there; it is what is left when a build took out a co-installer, or a file was forgotten.
Take the list and its name out of the INF, or list the file.`,
  check: ({ inf, parsed }) =>
    namedSections(parsed, 'CopyFiles')
      .filter(({ entries }) => entries.length === 0)
      .map((section) => ({
        path: inf,
        ...headerLine(section),
        message: `[${section.name}] is a CopyFiles list without any file`,
        hint: 'take the list and its name out, or list the file that it is for',
      })),
});
