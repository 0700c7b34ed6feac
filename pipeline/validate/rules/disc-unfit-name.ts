import { maxFolderNameLength, maxNameLength, maxPathLength } from '../../model/disc-layout.ts';
import { defineRule } from '../define.ts';

export const unfitName = defineRule({
  id: 'disc/unfit-name',
  severity: 'error',
  scope: 'tree',
  explain: `The disc cannot store a file under its name: the file name is longer than ${maxNameLength} characters, a folder name longer than ${maxFolderNameLength}, the path longer than ${maxPathLength}, or a name contains characters other than printable ASCII.
Readers without Rock Ridge, such as Windows, would show another name, and the INF or a script would not find the file.
Rename the file or folder in the driver build.`,
  check: ({ tree }) =>
    tree.files.flatMap(({ path }) => {
      const message = whyUnfit(path);
      if (message === undefined) return [];
      const hint = 'rename it in the driver build, or exclude it with "ignored" in the release';
      return [{ path, message, hint }];
    }),
});

function whyUnfit(path: string): string | undefined {
  if (!/^[\x20-\x7e]+$/.test(path)) return 'its name is not printable ASCII';
  if (path.length > maxPathLength)
    return `its path has ${path.length} characters; the limit is ${maxPathLength}`;
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  if (name.length > maxNameLength)
    return `its name has ${name.length} characters; the limit is ${maxNameLength}`;
  const long = folders.find((folder) => folder.length > maxFolderNameLength);
  if (long === undefined) return undefined;
  return `its folder name ${long} has ${long.length} characters; the limit is ${maxFolderNameLength}`;
}
