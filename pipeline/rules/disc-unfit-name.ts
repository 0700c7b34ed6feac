import { nameOf } from '../collect/source-index.ts';
import { defineRule } from '../define.ts';
import { maxNameLength } from '../iso/layout.ts';

export const unfitName = defineRule({
  id: 'disc/unfit-name',
  severity: 'error',
  explain: `A file name cannot be recorded on the disc as it is: it is longer than ${maxNameLength} characters or holds characters other than printable ASCII.
Readers without Rock Ridge, Windows among them, would show another name, and the INF or a script would not find the file.
Rename the file in the driver build.`,
  check: ({ tree }) =>
    tree.files.flatMap(({ path }) => {
      const name = nameOf(path);
      const hint = 'rename the file in the driver build, or leave it out under "ignored" in the release';
      if (name.length > maxNameLength) {
        return [
          { path, message: `its name has ${name.length} characters, at most ${maxNameLength} fit`, hint },
        ];
      }
      return /^[\x20-\x7e]+$/.test(path) ? [] : [{ path, message: 'its name is not printable ASCII', hint }];
    }),
});
