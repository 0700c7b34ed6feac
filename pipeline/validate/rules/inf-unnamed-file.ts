import { besideInfs } from '../../model/driver-tree.ts';
import { defineRule } from '../define.ts';

export const infUnnamedFile = defineRule({
  id: 'inf/unnamed-file',
  severity: 'error',
  scope: 'tree',
  explain: `A driver's folder contains a file that the driver's INF does not name, so the file would not be on the disc.
Windows copies only files that an INF names; an unnamed catalog or program is missing on the guest. The INF may be damaged, which other findings report, or belong to another build.
Name the file in the INF and regenerate the catalog. Declare a file that ships with its driver but is not installed under "extras" of the driver in the manifest, and a file that does not ship under "ignored" of the release, with a reason.`,
  check: ({ tree }) =>
    tree.unnamed.map(({ path, infs }) => ({
      path,
      message: besideInfs(infs),
      hint: 'repair the INF if it is damaged; otherwise declare the file under "extras" of its driver in drivers-manifest/drivers, or under "ignored" of the release with a reason',
    })),
});
