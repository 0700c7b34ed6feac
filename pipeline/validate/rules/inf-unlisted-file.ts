import { copiedFiles, sourceDisksFiles } from '../../formats/inf/files.ts';
import { infValue } from '../../formats/inf/inf.ts';
import { defineRule } from '../define.ts';

export const infUnlistedFile = defineRule({
  id: 'inf/unlisted-file',
  severity: 'error',
  scope: 'package',
  explain: `A CopyFiles directive copies a file that [SourceDisksFiles] does not list.
Windows does not know which disk the file is on and stops the installation, or prompts for a disk.
List the file in [SourceDisksFiles], or remove it from the CopyFiles list.`,
  check: ({ inf, parsed, target }) => {
    if (infValue(parsed, 'Version', 'LayoutFile') !== undefined) return [];
    const listed = sourceDisksFiles(parsed, target.arch);
    return copiedFiles(parsed, target.arch)
      .filter(({ name }) => !listed.has(name.toLowerCase()))
      .map(({ name, line }) => ({
        path: inf,
        line,
        message: `copies "${name}", which [SourceDisksFiles] does not list`,
        hint: 'list the file in [SourceDisksFiles], or remove it from the CopyFiles list',
      }));
  },
});
