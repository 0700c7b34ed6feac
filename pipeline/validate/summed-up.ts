import type { Violation } from './define.ts';

/** Far more than of any real file, and few enough for a report that somebody reads. */
const mostOfAFile = 100;

/** Returns what a rule found, at most a hundred of each file: the last one of a file with more says how many more there are. */
export function summedUp(violations: readonly Violation[]): readonly Violation[] {
  if (violations.length <= mostOfAFile) return violations;
  const byFile = new Map<string, Violation[]>();
  for (const violation of violations) {
    const found = byFile.get(violation.path);
    if (found === undefined) byFile.set(violation.path, [violation]);
    else found.push(violation);
  }
  return [...byFile.values()].flatMap((found) => {
    const [further] = found.slice(mostOfAFile - 1);
    if (further === undefined || found.length === mostOfAFile) return found;
    const rest = found.length - mostOfAFile;
    return [
      ...found.slice(0, mostOfAFile - 1),
      { ...further, message: `${further.message}; and ${rest} more findings of this kind in the file` },
    ];
  });
}
