import { headerLine, infSection } from '../../formats/inf/inf.ts';
import { driverVersion } from '../../formats/inf/version.ts';
import { defineRule } from '../define.ts';

export const infBadDriverVer = defineRule({
  id: 'inf/bad-driver-ver',
  severity: 'error',
  scope: 'package',
  explain: `DriverVer in [Version] is missing or malformed: it must be a date (month first) and a version of four numbers up to 65535, such as 07/21/2023,63.93.104.24000.
Windows ranks drivers by it; without it the driver ranks as the oldest, and Microsoft's tools do not make a catalog.
Write both parts; stampinf does this in a driver build.`,
  check: ({ inf, parsed }) => {
    const section = infSection(parsed, 'Version');
    if (section === undefined) return [];
    const hint = 'write DriverVer = MM/DD/YYYY,w.x.y.z in [Version]';
    const driverVer = driverVersion(parsed);
    if (driverVer === undefined)
      return [{ path: inf, ...headerLine(section), message: '[Version] has no DriverVer', hint }];
    const { line, raw, date, version } = driverVer;
    if (date !== undefined && version?.split('.').length === 4) return [];
    const fault = date === undefined ? 'no date MM/DD/YYYY' : 'no version of four numbers up to 65535';
    return [{ path: inf, line, message: `its DriverVer "${raw}" has ${fault}`, hint }];
  },
});
