/** Compares upstream releases such as `0.1.96-1` and `0.1.102-1` by their numbers; negative if the first is older. */
export function byRelease(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (const [index, number] of left.entries()) {
    const difference = number - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function numbersOf(release: string): number[] {
  return release.split(/[.-]/).map(Number);
}
