import { targetPath } from '../../model/target.ts';
import { defineRule } from '../define.ts';

export const manifestMissingExtra = defineRule({
  id: 'manifest/missing-extra',
  severity: 'warning',
  scope: 'release',
  explain: `The source lacks a file that the manifest expects beside a driver and that no INF names, such as a service or a helper.
The driver installs, but the guest lacks the function of the file.
Add the file to the driver build, or correct "extras" in the driver's file in drivers-manifest/drivers/.`,
  check: ({ tree }) =>
    tree.missingExtras.map(({ driver, target, file }) => ({
      path: `${driver}/${targetPath(target)}/${file}`,
      message: 'is expected by the manifest, but is not in the source',
      hint: `add it to the driver build, or correct "extras" in drivers-manifest/drivers/${driver}.yaml`,
    })),
});
