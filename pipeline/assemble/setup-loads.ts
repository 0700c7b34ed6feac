import { groupBy } from '../core/group-by.ts';
import { byCodeUnit } from '../core/order.ts';
import type { DriverFacts } from '../model/driver-facts.ts';

/** Tells whether Windows PE, in which Setup runs, does not load a driver: it has no test-signing mode. */
export function isNotLoadedInPe({ loads }: Pick<DriverFacts, 'loads'>): boolean {
  return loads === 'test-signing' || loads === 'never';
}

function namesOf(drivers: readonly DriverFacts[]): string {
  return [...new Set(drivers.map(({ driver }) => driver))].sort(byCodeUnit).join(', ');
}

const thenVirtio =
  'Install Windows onto a SATA disk, and make it a virtio disk when test-signing mode is on.';

/** Returns lines of README.txt that name these drivers by their Windows; none where Setup loads all. */
export function notLoadedLines(drivers: readonly DriverFacts[]): string {
  const refused = drivers.filter(isNotLoadedInPe);
  if (refused.length === 0) return '';
  const byTarget = groupBy(refused, ({ target: { os, arch } }) => `${os}\\${arch}`);
  const byNames = groupBy([...byTarget], ([, same]) => namesOf(same));
  const lines = [...byNames].map(
    ([names, targets]) => `  ${targets.map(([target]) => target).join(', ')}: ${names}\n`,
  );
  const isHelped = refused.some(({ loads }) => loads === 'test-signing');
  return `Windows Setup and Windows PE, which have no test-signing mode, do not load these:
${lines.join('')}${isHelped ? `${thenVirtio}\n` : ''}`;
}

/** Returns a comment of an answer file that names these drivers of its Windows; none where Setup loads all. */
export function notLoadedComment(drivers: readonly DriverFacts[]): string {
  const refused = drivers.filter(isNotLoadedInPe);
  if (refused.length === 0) return '';
  const names = namesOf(refused).replaceAll('--', '- -');
  const isHelped = refused.some(({ loads }) => loads === 'test-signing');
  return `<!-- Setup, which has no test-signing mode, does not load: ${names}.${isHelped ? ` ${thenVirtio}` : ''} -->\n`;
}
