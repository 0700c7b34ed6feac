import { driverVersions } from '../../formats/inf/version.ts';
import { defineRule } from '../define.ts';

export const infShortDriverVer = defineRule({
  id: 'inf/short-driver-ver',
  severity: 'warning',
  scope: 'package',
  explain: `The version in DriverVer has fewer than four numbers, or ends in a period.
Windows installs the driver and reads the missing numbers as 0; Microsoft's checks require four (InfVerif 1217), and other tools that read INFs may refuse it.
Write four numbers in the next build, such as 07/21/2023,63.93.104.24000.`,
  check: ({ inf, parsed, target: { arch } }) =>
    driverVersions(parsed, arch).flatMap(({ line, raw, version }) => {
      const count = version?.split('.').length;
      if (count === undefined || (count === 4 && !raw.endsWith('.'))) return [];
      const numbers = count === 1 ? '1 number' : `${count} numbers`;
      const fault = count === 4 ? 'ends in a period' : `has a version of ${numbers} instead of 4`;
      const message = `its DriverVer "${raw}" ${fault}`;
      return [{ path: inf, line, message, hint: 'write DriverVer = MM/DD/YYYY,w.x.y.z in the next build' }];
    }),
});
