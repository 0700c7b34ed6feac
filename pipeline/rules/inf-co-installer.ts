import { defineRule } from '../define.ts';
import { coInstallerLine } from '../windows/inf-co-installers.ts';

export const infCoInstaller = defineRule({
  id: 'inf/co-installer',
  severity: 'warning',
  scope: 'package',
  explain: `The INF installs a co-installer: a library that takes part in the installation.
Old Windows run it, but drivers for Windows 10 and later must have none, and Microsoft refuses to certify them (InfVerif 1300).
Build the driver without it: WDF needs no co-installer since Windows 8.1.`,
  check: ({ inf, parsed, row }) => {
    const line = coInstallerLine(parsed);
    if (line === undefined) return [];
    const is10OrLater = Number(row?.version.split('.')[0] ?? 0) >= 10;
    return [
      {
        path: inf,
        line,
        message: `has a co-installer${is10OrLater ? ', which is refused from Windows 10 on' : ''}`,
        hint: 'build the driver without the co-installer, where its Windows allows',
      },
    ];
  },
});
