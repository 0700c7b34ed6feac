import { headerLine, infSection } from '../../formats/inf/inf.ts';
import { driverVersion, driverVersions } from '../../formats/inf/version.ts';
import { defineRule } from '../define.ts';

export const infBadDriverVer = defineRule({
  id: 'inf/bad-driver-ver',
  severity: 'error',
  scope: 'package',
  explain: `DriverVer is missing in [Version], or malformed there or in an install section: it must be a date (month first) and a version of four numbers up to 65535, such as 07/21/2023,63.93.104.24000. inf/short-driver-ver reports fewer than four numbers.
Windows ranks drivers by it; without it the driver ranks as the oldest, and Microsoft's tools do not make a catalog.
Write both parts; stampinf does this in a driver build.`,
  check: ({ inf, parsed, target: { arch } }) => {
    const section = infSection(parsed, 'Version');
    if (section === undefined) return [];
    const hint = 'write DriverVer = MM/DD/YYYY,w.x.y.z';
    if (driverVersion(parsed) === undefined) {
      const message = '[Version] has no DriverVer';
      return [{ path: inf, ...headerLine(section), message, hint: `${hint} in [Version]` }];
    }
    return [...driverVersions(parsed), ...driverVersions(parsed, arch)]
      .filter(({ line }, index, all) => all.findIndex((other) => other.line === line) === index)
      .filter(({ date, version }) => date === undefined || version === undefined)
      .map(({ line, raw, date }) => {
        const fault = date === undefined ? 'no date MM/DD/YYYY' : 'no version of numbers up to 65535';
        return { path: inf, line, message: `its DriverVer "${raw}" has ${fault}`, hint };
      });
  },
});
