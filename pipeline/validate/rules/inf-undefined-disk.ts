import { undefinedDisks } from '../../formats/inf/files.ts';
import { defineRule } from '../define.ts';

export const infUndefinedDisk = defineRule({
  id: 'inf/undefined-disk',
  severity: 'error',
  scope: 'package',
  explain: `The section [SourceDisksFiles] assigns a file to a disk that [SourceDisksNames] does not define.
Windows cannot find the file and stops the installation.
Define the disk in [SourceDisksNames], or use the number of a defined disk.`,
  check: ({ inf, parsed, target }) =>
    undefinedDisks(parsed, target.arch).map(({ file, disk, line }) => ({
      path: inf,
      line,
      message: `"${file}" is on disk "${disk}", which [SourceDisksNames] does not define`,
      hint: 'define the disk in [SourceDisksNames], or correct its number',
    })),
});
