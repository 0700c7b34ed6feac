import { closestMatch } from 'leven';

/** Returns the known name closest to a misspelled one, whatever its case; unless told otherwise, at most a third of the letters differ, or their order. */
export function nearName(
  given: string,
  known: readonly string[],
  maxDistance = Math.ceil(given.length / 3),
): string | undefined {
  if (given.length < 3 || given.length > 100) return undefined;
  const asLong = known.filter((name) => Math.abs(name.length - given.length) <= maxDistance);
  const byLower = new Map(asLong.map((name) => [name.toLowerCase(), name]));
  const near = closestMatch(given.toLowerCase(), [...byLower.keys()], { maxDistance });
  const letters = (name: string) => [...name].sort().join('');
  const ofGiven = letters(given.toLowerCase());
  const sameLetters = (name: string) => letters(name) === ofGiven;
  return byLower.get(near ?? [...byLower.keys()].find(sameLetters) ?? '');
}
