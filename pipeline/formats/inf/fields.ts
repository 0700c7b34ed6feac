import { FormatError } from '../format-error.ts';

/** A logical line as key and values: quotes removed, blanks around them trimmed, `%tokens%` not yet replaced. */
export interface InfFields {
  readonly key?: string;
  readonly values: readonly string[];
}

/** Longest field that Windows takes, before and after the replacement of tokens (General Syntax Rules). */
const maxFieldLength = 4096;

/**
 * Splits `key = value, value` on the first `=` that is outside quotes and before any comma, then on commas outside
 * quotes. Empty positions stay; `key =` alone has no values. FormatError for a field over 4096 characters.
 */
export function splitFields(text: string, line: number): InfFields {
  const pieces: string[] = [];
  let key: string | undefined;
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === '=' && key === undefined && pieces.length === 0) {
      key = unquote(text.slice(from, at), line);
      from = at + 1;
    } else if (char === ',') {
      pieces.push(text.slice(from, at));
      from = at + 1;
    }
  }
  pieces.push(text.slice(from));
  if (key === undefined) return { values: pieces.map((piece) => unquote(piece, line)) };
  const empty = pieces.length === 1 && pieces[0]?.trim() === '';
  return { key, values: empty ? [] : pieces.map((piece) => unquote(piece, line)) };
}

/** Refuses a field over 4096 characters with a FormatError; returns it otherwise. */
export function checkField(field: string, line: number): string {
  if (field.length <= maxFieldLength) return field;
  throw new FormatError(`a field of ${field.length} characters; at most ${maxFieldLength} are allowed`, line);
}

/** Reads a whole number as INFs write it, decimal or `0x` hexadecimal; undefined for anything else. */
export function infNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^(\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : undefined;
}

function unquote(piece: string, line: number): string {
  const trimmed = checkField(piece.trim(), line);
  return trimmed.replace(/"((?:[^"]|"")*)("|$)/g, (_, inner: string) => inner.replaceAll('""', '"'));
}
