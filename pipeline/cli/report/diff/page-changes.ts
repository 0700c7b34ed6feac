import type { PageChanges } from '../../../page/changes.ts';
import { type Difference, titledGroups } from './difference.ts';

/** Returns a difference as the release page shows it: what is lost first, and nothing empty. */
export function pageChanges(found: Difference, since = found.old): PageChanges {
  const { lost, gained, files, notes } = found;
  const titled = [
    { title: 'Lost', isLoss: true, items: [...lost] },
    { title: 'Gained', isLoss: false, items: [...gained] },
    ...titledGroups(found).map(({ change, title, groups }) => ({
      title,
      isLoss: change === 'removed',
      items: groups.flatMap(({ driver, version, windows, details }) => [
        `${driver} ${version} for ${windows}`,
        ...details,
      ]),
    })),
    { title: 'Other files', isLoss: false, items: [...files] },
    { title: 'Not compared', isLoss: false, items: [...notes] },
  ];
  return { since, groups: titled.filter(({ items }) => items.length > 0) };
}
