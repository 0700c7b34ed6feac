import { copiesOf, type FileCopy } from '../../formats/inf/files.ts';
import { destinationFolder, installSections } from '../../formats/inf/install.ts';
import { isWindows10 } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';

export const infConflictingCopies = defineRule({
  id: 'inf/conflicting-copies',
  severity: 'warning',
  scope: 'package',
  explain: `Install sections copy different files to one path on the guest.
The last installed device decides which file is there, and the driver of another device gets it too; Microsoft does not certify such drivers for Windows 10 and later (InfVerif 1330).
Give the files different names on the guest.`,
  check: ({ inf, parsed, target: { arch }, row }) => {
    if (!isWindows10(row)) return [];
    const first = new Map<string, FileCopy>();
    const installs = installSections(parsed, arch).map(({ name }) => name);
    return copiesOf(parsed, arch, installs).flatMap((copy) => {
      const folder = destinationFolder(parsed, copy.list);
      const path = `${folder}\\${copy.target.toLowerCase()}`;
      const other = first.get(path);
      if (folder === undefined || other === undefined) {
        first.set(path, copy);
        return [];
      }
      if (other.source.toLowerCase() === copy.source.toLowerCase()) return [];
      return [
        {
          path: inf,
          line: copy.line,
          message: `copies "${copy.source}" to "${path}", where line ${other.line} copies "${other.source}"`,
          hint: 'give the files different names on the guest',
        },
      ];
    });
  },
});
