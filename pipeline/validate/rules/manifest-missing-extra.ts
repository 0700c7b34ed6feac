import { targetPath } from '../../model/target.ts';
import { defineRule } from '../define.ts';

export const manifestMissingExtra = defineRule({
  id: 'manifest/missing-extra',
  severity: 'warning',
  scope: 'release',
  explain: `The manifest expects a file beside a driver that no INF names, such as a service or a helper, and the source does not hold it.
The driver itself installs; what the file would add is missing in the guest.
Add the file to the driver build, or correct "extras" in the driver's file in drivers-manifest/drivers/.`,
  check: ({ tree }) =>
    tree.missingExtras.map(({ driver, target, file }) => ({
      path: `${driver}/${targetPath(target)}/${file}`,
      message: 'is expected by the manifest and is not in the source',
      hint: `add it to the driver build, or correct "extras" in drivers-manifest/drivers/${driver}.yaml`,
    })),
});
