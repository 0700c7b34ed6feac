import { someOf } from '../../core/text.ts';
import { headerLine, infSection } from '../../formats/inf/inf.ts';
import { defaultInstalls } from '../../formats/inf/install.ts';
import { modelsSections } from '../../formats/inf/models.ts';
import { appliesToArch, selectModels } from '../../formats/inf/select.ts';
import { lastBuild } from '../../formats/windows/targets.ts';
import { guestOf } from '../../model/target.ts';
import { defineRule } from '../define.ts';

export const infDoesNotInstall = defineRule({
  id: 'inf/does-not-install',
  severity: 'error',
  scope: 'package',
  explain: `The INF has models for the architecture, but none for the Windows of its folder.
Windows skips models sections that are decorated for a newer Windows, another product type or a newer build, and installs nothing.
Use the INF built for this Windows, or lower the decorations in [Manufacturer].
The rule checks the first and the newest build of Windows 10 and 11, since a decoration such as NTamd64.10.0...16299 applies to most builds.`,
  check: ({ inf, parsed, target, row }) => {
    if (row === undefined || defaultInstalls(parsed).length > 0) return [];
    const models = modelsSections(parsed).filter((section) => appliesToArch(section, target.arch));
    if (models.length === 0) return [];
    const guest = guestOf(row);
    const guests = [guest, { ...guest, build: lastBuild(guest.build) }];
    if (guests.some((candidate) => selectModels(parsed, candidate).length > 0)) return [];
    const decorations = someOf(models.map(({ decoration }) => decoration || 'no decoration'));
    return [
      {
        path: inf,
        ...headerLine(infSection(parsed, 'Manufacturer')),
        message: `is for ${decorations}, which does not install on ${row.windows} (${row.version})`,
        hint: `use the INF built for ${row.windows}`,
      },
    ];
  },
});
