import { copiedFiles, sourceDisksFiles } from '../../formats/inf/files.ts';
import { infValue } from '../../formats/inf/inf.ts';
import { defineRule } from '../define.ts';

export const infUnlistedFile = defineRule({
  id: 'inf/unlisted-file',
  severity: 'error',
  scope: 'package',
  explain: `A CopyFiles directive copies a file that [SourceDisksFiles] does not list.
Windows does not know on which disk the file is and stops the installation, or asks for a disk.
List the file in [SourceDisksFiles], or take it out of the CopyFiles list.`,
  check: ({ inf, parsed, target }) => {
    if (infValue(parsed, 'Version', 'LayoutFile') !== undefined) return [];
    const listed = sourceDisksFiles(parsed, target.arch);
    return copiedFiles(parsed, target.arch)
      .filter(({ name }) => !listed.has(name.toLowerCase()))
      .map(({ name, line }) => ({
        path: inf,
        line,
        message: `copies "${name}", which [SourceDisksFiles] does not list`,
        hint: 'list the file in [SourceDisksFiles], or do not copy it',
      }));
  },
});
