import type { PageChanges } from '../../../page/changes.ts';
import { type Difference, titledGroups } from './difference.ts';

/** Returns a difference as the release page shows it: what is lost first, and nothing empty. */
export function pageChanges(found: Difference, since = found.old): PageChanges {
  const { lost, gained, files, notes } = found;
  const titled = [
    { title: 'Lost', isLoss: true, items: lost.map(plain) },
    { title: 'Gained', isLoss: false, items: gained.map(plain) },
    ...titledGroups(found).map(({ change, title, groups }) => ({
      title,
      isLoss: change === 'removed',
      items: groups.map(({ driver, version, windows, details }) => ({
        text: `${driver} ${version} for ${windows}`,
        details: details.map((detail) => detail.trim()),
      })),
    })),
    { title: 'Other files', isLoss: false, items: files.map(plain) },
    { title: 'Notes', isLoss: false, items: notes.map(plain) },
  ];
  return { since, groups: titled.filter(({ items }) => items.length > 0) };
}

function plain(text: string) {
  return { text, details: [] };
}
