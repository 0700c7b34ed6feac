import { FormatError } from '../format-error.ts';

/** A logical line: comments removed, continuations joined; `line` is the number (from 1) of its first line. */
export interface LogicalLine {
  readonly line: number;
  readonly text: string;
}

const maxLines = 500_000;

/** Splits an INF into logical lines (Microsoft, "General Syntax Rules for INF Files") and drops blank ones. */
export function logicalLines(text: string): { lines: LogicalLine[]; problems: InfProblem[] } {
  const physical = text.split(/\r\n|\n|\r/, maxLines + 1);
  if (physical.length > maxLines) throw new FormatError(`more than ${maxLines} lines`);
  const lines: LogicalLine[] = [];
  const problems: InfProblem[] = [];
  for (let index = 0; index < physical.length; index++) {
    const line = index + 1;
    const parts: string[] = [];
    let part = readPhysical(physical[index] ?? '');
    for (;;) {
      parts.push(part.text);
      if (part.noBreakSpace) problems.push({ kind: 'no-break-space', line: index + 1, text: part.text });
      if (part.openQuote) problems.push({ kind: 'open-quote', line: index + 1, text: part.text });
      if (!part.continued) break;
      const next = readPhysical(physical[index + 1] ?? '');
      if (next.text.startsWith('[') || (next.text === '' && !next.continued)) {
        problems.push({ kind: 'dangling-continuation', line: index + 1, text: part.text });
        break;
      }
      part = next;
      index++;
    }
    const joined = parts.join('');
    if (joined !== '') lines.push({ line, text: joined });
  }
  return { lines, problems };
}

interface PhysicalLine {
  readonly text: string;
  readonly continued: boolean;
  readonly openQuote: boolean;
  /** Outside the comment; String.trim() drops it as a blank, and a certified INF relies on that. */
  readonly noBreakSpace: boolean;
}

function readPhysical(line: string): PhysicalLine {
  const { end, openQuote } = commentStart(line);
  const code = line.slice(0, end);
  const text = code.trim();
  const continued = !openQuote && text.endsWith('\\');
  return {
    text: continued ? text.slice(0, -1).trimEnd() : text,
    continued,
    openQuote,
    noBreakSpace: code.includes('\u00a0'),
  };
}

function commentStart(line: string): { end: number; openQuote: boolean } {
  let openQuote = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at];
    if (char === '"') openQuote = !openQuote;
    else if (openQuote) continue;
    else if (char === ';') return { end: at, openQuote };
    else if (char === '%') at = tokenEnd(line, at) ?? at;
  }
  return { end: line.length, openQuote };
}

/** A syntax problem that Windows tolerates; `text` is the token or the line. */
export interface InfProblem {
  readonly kind:
    | 'undefined-string'
    | 'dangling-continuation'
    | 'open-quote'
    | 'no-break-space'
    | 'text-before-section'
    | 'text-after-header'
    | 'text-after-end';
  readonly line: number;
  readonly text: string;
}

/** A logical line as key and values: unquoted, trimmed, with `%tokens%` unexpanded. */
export interface InfFields {
  readonly key?: string;
  readonly values: readonly string[];
}

/** Longest field that Windows accepts, before and after token expansion (General Syntax Rules). */
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

/** Returns the field; FormatError when it exceeds 4096 characters. */
export function checkField(field: string, line: number): string {
  if (field.length <= maxFieldLength) return field;
  throw new FormatError(`a field has ${field.length} characters; the limit is ${maxFieldLength}`, line);
}

/** Parses an integer of an INF, decimal or `0x` hexadecimal; undefined for anything else. */
export function infNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^(\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : undefined;
}

function unquote(piece: string, line: number): string {
  const trimmed = checkField(piece.trim(), line);
  return trimmed.replace(/"((?:[^"]|"")*)("|$)/g, (_, inner: string) => inner.replaceAll('""', '"'));
}

/** Returns the index of the `%` that closes the `%token%` at `start`; undefined for a plain percent sign. */
function tokenEnd(text: string, start: number): number | undefined {
  const end = text.indexOf('%', start + 1);
  if (end < 0) return undefined;
  const name = text.slice(start + 1, end);
  return name === name.trim() && !/[",=]/.test(name) ? end : undefined;
}

/** Replaces `%key%` with `lookup(key)` and `%%` with `%`; keeps directory numbers (`%12%`) and unknown keys. */
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

/** Returns whether a name between percent signs stands for a directory (Microsoft, "Using Dirids"), as in `%12%`. */
export function isDirectoryNumber(name: string): boolean {
  return /^-?\d+$/.test(name);
}
