import { coInstallerLine } from '../../formats/inf/install.ts';
import { isWindows10 } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';

export const infCoInstaller = defineRule({
  id: 'inf/co-installer',
  severity: 'warning',
  scope: 'package',
  explain: `The INF installs a co-installer, a library that runs during installation, on a Windows before 10.
That Windows runs it; Windows 10 and later do not accept co-installers (inf/refused-co-installer).
Build the driver without it where its Windows allows: WDF needs no co-installer since Windows 8.1.`,
  check: ({ inf, parsed, row }) => {
    const line = coInstallerLine(parsed);
    if (line === undefined || isWindows10(row)) return [];
    const hint = 'build the driver without the co-installer where its Windows allows';
    return [{ path: inf, line, message: 'has a co-installer', hint }];
  },
});
