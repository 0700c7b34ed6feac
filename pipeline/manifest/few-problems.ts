import type { Problem } from '../core/errors.ts';

const mostOfAKind = 20;

/**
 * Returns the problems without those beyond 20 of a kind, and how many more there are: problems are of a kind when they have one
 * message, or one place but for the numbers in it (lines and indexes).
 */
export function fewOfAKind(problems: readonly Problem[]): Problem[] {
  const counts = new Map<string, number>();
  const isOneTooMany = (kind: string) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count > mostOfAKind;
  };
  const few = problems.filter(({ place, message }) => {
    const kinds = [`place ${place.replace(/\d+/g, '0')}`, `message ${message}`];
    return !kinds.map(isOneTooMany).includes(true);
  });
  const [first] = problems;
  const more = problems.length - few.length;
  if (first === undefined || more === 0) return few;
  const place = first.place.replace(/:\d+(?:: .*)?$/, '');
  return [...few, { place, message: `and ${more} more like these`, hint: 'fix these first' }];
}
