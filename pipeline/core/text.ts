/** Width that tables are laid out for. */
export const pageColumns = 100;

/** Returns rows of cells as lines, each column as wide as its widest cell, without blanks at the ends. */
export function alignColumns(rows: readonly (readonly string[])[], gap = '  '): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join(gap)
      .trimEnd(),
  );
}

/** Breaks words into lines of at most `width` characters; a longer word has a line of its own. */
export function wrapWords(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** Returns a text from untrusted bytes as one line of a terminal, with nothing in it that moves the cursor. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}

/** Returns a text of several lines in the same way. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** Returns a count with its noun: `1 warning`, `2 warnings`; `many` is the plural where it is not the noun with an s. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const maxNames = 5;

/** Joins distinct names for a message: the first five, or as many as given, and the number of the others. */
export function someOf(names: readonly string[], most = maxNames): string {
  const once = [...new Set(names)];
  const rest = once.length - most;
  return once.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** Quotes an argument for a POSIX shell if needed. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
