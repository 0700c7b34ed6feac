import { someOf } from '../../core/text.ts';
import { headerLine, infSection } from '../../formats/inf/inf.ts';
import { defaultInstalls } from '../../formats/inf/install.ts';
import { modelsSections } from '../../formats/inf/models.ts';
import { appliesToArch, selectModels } from '../../formats/inf/select.ts';
import { lastBuild } from '../../formats/windows/targets.ts';
import { defineRule } from '../define.ts';
import { guestOf } from '../package-facts.ts';

export const infDoesNotInstall = defineRule({
  id: 'inf/does-not-install',
  severity: 'error',
  scope: 'package',
  explain: `The INF has devices for the architecture, but for none of the Windows versions that its folder is for.
Windows skips models sections that are decorated for a newer Windows, another product type or a newer build, and installs nothing.
Put the INF that was built for this Windows there, or lower the decorations in [Manufacturer].
Windows 10 and 11 are judged by their first and by their newest build, since a decoration such as NTamd64.10.0...16299 is right for most of them.`,
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
        hint: `put the INF that was built for ${row.windows} there`,
      },
    ];
  },
});
