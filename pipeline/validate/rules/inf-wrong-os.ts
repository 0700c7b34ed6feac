import { driverVersion } from '../../formats/inf/version.ts';
import { defineRule } from '../define.ts';

/** Windows by the first number of a virtio-win DriverVer. */
const windowsByCode: Readonly<Record<string, string>> = {
  51: 'Windows XP',
  52: 'Windows Server 2003 and XP x64',
  60: 'Windows Server 2008 and Vista',
  61: 'Windows 7 and Server 2008 R2',
  62: 'Windows 8 and Server 2012',
  63: 'Windows 8.1 and Server 2012 R2',
  100: 'Windows 10 and later',
};

export const infWrongOs = defineRule({
  id: 'inf/wrong-os',
  severity: 'warning',
  scope: 'package',
  explain: `A virtio-win driver was built for another Windows than its folder: its DriverVer begins with the version it was built for (61 is 6.1, Windows 7).
Windows installs the driver if its INF allows older versions, but the driver was neither built nor tested for this Windows.
Use the build for this Windows. inf/does-not-install reports an INF decorated for a newer Windows only; an INF decorated for an older Windows is common and valid, so it is not reported.`,
  check: ({ inf, parsed, row, target }) => {
    const driverVer = driverVersion(parsed, target.arch);
    const code = /^(\d+)\.\d+\.104\.\d+$/.exec(driverVer?.version ?? '')?.[1] ?? '';
    const built = windowsByCode[code];
    if (row === undefined || driverVer === undefined || built === undefined) return [];
    const [major = '', minor = ''] = row.version.split('.');
    const expected = Number(major) >= 10 ? '100' : major + minor;
    if (code === expected) return [];
    return [
      {
        path: inf,
        line: driverVer.line,
        message: `was built for ${built} (DriverVer ${driverVer.version}), but its folder is for ${row.windows}`,
        hint: `use the build for ${row.windows}`,
      },
    ];
  },
});
