import { coInstallerLine, refusesCoInstallers } from '../../formats/inf/install.ts';
import { defineRule } from '../define.ts';

export const infRefusedCoInstaller = defineRule({
  id: 'inf/refused-co-installer',
  severity: 'error',
  scope: 'package',
  explain: `The INF installs a co-installer, a library that takes part in the installation, on Windows 10 or later.
Drivers for these must have none, and Microsoft refuses to certify them (InfVerif 1300 and 1303); what the library was to do may be left undone.
Build the driver without it: the framework (WDF) is part of Windows since 8.1, and settings are for AddReg or an extension INF.`,
  check: ({ inf, parsed, row }) => {
    const line = coInstallerLine(parsed);
    if (line === undefined || !refusesCoInstallers(row)) return [];
    const message = `has a co-installer, which ${row?.windows} refuses`;
    return [{ path: inf, line, message, hint: 'build the driver without the co-installer' }];
  },
});
