import { coInstallerLine } from '../../formats/inf/install.ts';
import { isWindows10 } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';

export const infRefusedCoInstaller = defineRule({
  id: 'inf/refused-co-installer',
  severity: 'error',
  scope: 'package',
  explain: `The INF installs a co-installer, a library that runs during installation, on Windows 10 or later.
Drivers for these versions must not have one; Microsoft does not certify them (InfVerif 1300 and 1303), and Windows may not run the co-installer.
Build the driver without it: the framework (WDF) is part of Windows since 8.1, and AddReg or an extension INF can write settings.`,
  check: ({ inf, parsed, row }) => {
    const line = coInstallerLine(parsed);
    if (line === undefined || !isWindows10(row)) return [];
    const message = `has a co-installer, which ${row?.windows} refuses`;
    return [{ path: inf, line, message, hint: 'build the driver without the co-installer' }];
  },
});
