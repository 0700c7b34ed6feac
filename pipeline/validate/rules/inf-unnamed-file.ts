import { besideInfs } from '../../model/driver-tree.ts';
import { defineRule } from '../define.ts';

export const infUnnamedFile = defineRule({
  id: 'inf/unnamed-file',
  severity: 'error',
  scope: 'tree',
  explain: `A file lies in the folder of a driver, and the driver's INF does not name it, so that it would not be on the disc.
Windows copies only what an INF names: a catalog or a program that is left out is missing on the guest. The INF may be damaged, as other findings then say, or belong to another build.
Name the file in the INF (and make the catalog anew). A file that is shipped beside its driver without being installed is declared under "extras" of the driver in the manifest, and one that is not shipped under "ignored" of the release, with a reason.`,
  check: ({ tree }) =>
    tree.unnamed.map(({ path, infs }) => ({
      path,
      message: besideInfs(infs),
      hint: 'mend the INF if it is damaged; else declare the file under "extras" of its driver in drivers-manifest/drivers, or under "ignored" of the release with a reason',
    })),
});
