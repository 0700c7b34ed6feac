/** Returns whether `printed` contains the lines of `shown` in sequence; `...` matches any lines. Ignores trailing blanks. */
export function showsOutput(printed: string, shown: string): boolean {
  const lines = printed.split('\n').map((line) => line.trimEnd());
  let from = 0;
  for (const part of shown.split(/^\.\.\.$/m)) {
    const wanted = part
      .trim()
      .split('\n')
      .map((line) => line.trimEnd());
    const at = lines.findIndex(
      (_, index) => index >= from && wanted.every((line, offset) => lines[index + offset]?.startsWith(line)),
    );
    if (at === -1) return false;
    from = at + wanted.length;
  }
  return true;
}
