import { maxFolderNameLength, maxNameLength, maxPathLength } from '../../model/disc-layout.ts';
import { defineRule } from '../define.ts';

export const unfitName = defineRule({
  id: 'disc/unfit-name',
  severity: 'error',
  scope: 'tree',
  explain: `A file cannot be recorded on the disc under its name: the name is longer than ${maxNameLength} characters, that of a folder longer than ${maxFolderNameLength}, the whole path longer than ${maxPathLength}, or one holds characters other than printable ASCII.
Readers without Rock Ridge, Windows among them, would show another name, and the INF or a script would not find the file.
Rename the file or folder in the driver build.`,
  check: ({ tree }) =>
    tree.files.flatMap(({ path }) => {
      const message = whyUnfit(path);
      if (message === undefined) return [];
      const hint = 'rename it in the driver build, or leave it out under "ignored" in the release';
      return [{ path, message, hint }];
    }),
});

function whyUnfit(path: string): string | undefined {
  if (!/^[\x20-\x7e]+$/.test(path)) return 'its name is not printable ASCII';
  if (path.length > maxPathLength)
    return `its path has ${path.length} characters, at most ${maxPathLength} fit`;
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  if (name.length > maxNameLength)
    return `its name has ${name.length} characters, at most ${maxNameLength} fit`;
  const long = folders.find((folder) => folder.length > maxFolderNameLength);
  if (long === undefined) return undefined;
  return `the name of its folder ${long} has ${long.length} characters, at most ${maxFolderNameLength} fit`;
}
