import type { PageChanges } from '../../../page/changes.ts';
import { changeWords, type Difference } from './difference.ts';

/** Returns a difference as the release page shows it: what is lost first, and nothing empty. */
export function pageChanges({ old, lost, gained, groups, files, notes }: Difference): PageChanges {
  const kinds = [...new Set(groups.map(({ change }) => change))];
  const titled = [
    { title: 'Lost', isLoss: true, items: lost },
    { title: 'Gained', isLoss: false, items: gained },
    ...kinds.map((kind) => ({
      title: capital(changeWords[kind]),
      isLoss: kind === 'removed',
      items: groups
        .filter(({ change }) => change === kind)
        .flatMap(({ driver, version, windows, details }) => [
          `${driver} ${version} for ${windows}`,
          ...details,
        ]),
    })),
    { title: 'Other files', isLoss: false, items: files },
    { title: 'Not compared', isLoss: false, items: notes },
  ];
  return { since: old, groups: titled.filter(({ items }) => items.length > 0) };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
