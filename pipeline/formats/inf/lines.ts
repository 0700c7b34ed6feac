import { FormatError } from '../format-error.ts';
import { tokenEnd } from './strings.ts';

/** A line without its comment and with its continuations joined; `line` is the number (from 1) of the first. */
export interface LogicalLine {
  readonly line: number;
  readonly text: string;
}

const maxLines = 500_000;

/** Splits an INF into logical lines (Microsoft, "General Syntax Rules for INF Files"); blank ones are left out. */
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
}

function readPhysical(line: string): PhysicalLine {
  const { end, openQuote } = commentStart(line);
  const text = line.slice(0, end).trim();
  const continued = !openQuote && text.endsWith('\\');
  return { text: continued ? text.slice(0, -1).trimEnd() : text, continued, openQuote };
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

/** A mistake that does not stop Windows from reading the file; `text` is the token or the line. */
export interface InfProblem {
  readonly kind: 'undefined-string' | 'dangling-continuation' | 'open-quote' | 'text-before-section';
  readonly line: number;
  readonly text: string;
}
