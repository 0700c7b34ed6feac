/** Returns the index of the `%` that closes the `%token%` opened at `start`, or undefined for a plain percent sign. */
export function tokenEnd(text: string, start: number): number | undefined {
  const end = text.indexOf('%', start + 1);
  if (end < 0) return undefined;
  const name = text.slice(start + 1, end);
  return name === name.trim() && !/[",=]/.test(name) ? end : undefined;
}

/** Replaces `%key%` by `lookup(key)` and `%%` by `%`; directory numbers (`%12%`) and unknown keys stay as they are. */
export function replaceStrings(text: string, lookup: (key: string) => string | undefined): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
    const end = tokenEnd(text, at);
    if (end === undefined) continue;
    const name = text.slice(at + 1, end);
    const value = name === '' ? '%' : isDirectoryNumber(name) ? undefined : lookup(name);
    if (value !== undefined) {
      parts.push(text.slice(from, at), value);
      from = end + 1;
    }
    at = end;
  }
  return parts.join('') + text.slice(from);
}

function isDirectoryNumber(name: string): boolean {
  return /^-?\d+$/.test(name);
}
