import { FormatError } from '../format-error.ts';

/** The encoding of an INF, detected from its bytes; UTF-8 without a byte order mark is read as ANSI, as on Windows. */
export type InfEncoding = 'ascii' | 'windows-1252' | 'utf-16le' | 'utf-16be' | 'utf-8';

/** The text of an INF with its encoding and the counts of its line endings. */
export interface InfText {
  readonly text: string;
  readonly encoding: InfEncoding;
  /** Whether the file begins with a byte order mark. */
  readonly bom: boolean;
  /** The first line of the text after a Ctrl-Z, which Windows ignores. */
  readonly afterEnd?: { readonly line: number; readonly text: string };
  readonly lineEnds: { readonly crlf: number; readonly lf: number; readonly cr: number };
}

/** Returns whether Windows decodes the INF wrongly: it reads ANSI, and UTF-16LE with a byte order mark (InfVerif 1003). */
export function isMisread({ encoding, bom }: Pick<InfText, 'encoding' | 'bom'>): boolean {
  const isAnsi = encoding === 'ascii' || encoding === 'windows-1252';
  return !isAnsi && !(encoding === 'utf-16le' && bom);
}

/** 8 MiB, far above any real INF. */
export const maxInfBytes = 8 * 1024 * 1024;

/** Decodes an INF by its byte order mark, else by NULs (UTF-16), else as ANSI; FormatError when that fails. */
export function decodeInf(bytes: Uint8Array): InfText {
  requireInfSize(bytes.length);
  const { encoding, bom } = detectEncoding(bytes);
  const whole = decode(bytes.subarray(bom), encoding);
  const [text = ''] = whole.split(endOfFile, 1);
  const nul = text.indexOf('\0');
  if (nul >= 0) throw new FormatError('NUL character: not a text file', lineAt(text, nul));
  const afterEnd = firstText(whole, text.length + 1);
  return {
    text,
    encoding,
    bom: bom > 0,
    ...(afterEnd !== undefined && { afterEnd }),
    lineEnds: countLineEnds(text),
  };
}

/** Returns the first text that is neither blank nor a comment from an offset on, with its line. */
function firstText(text: string, from: number): { line: number; text: string } | undefined {
  const lines = text
    .slice(from)
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/\p{Cc}/gu, ' ').trim());
  const index = lines.findIndex((line) => line !== '' && !line.startsWith(';'));
  return index < 0 ? undefined : { line: lineAt(text, from) + index, text: lines[index] ?? '' };
}

/** Ctrl-Z: SetupAPI ignores it and what follows (Wine's parser and its tests, which run on Windows). */
const endOfFile = '\u001a';

/** Throws a FormatError when an INF exceeds `maxInfBytes`. */
export function requireInfSize(bytes: number): void {
  if (bytes > maxInfBytes) throw new FormatError(`the INF has ${bytes} bytes; the limit is ${maxInfBytes}`);
}

function detectEncoding(bytes: Uint8Array): { encoding: InfEncoding; bom: number } {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', bom: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', bom: 2 };
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', bom: 3 };
  if (b === 0) return { encoding: 'utf-16le', bom: 0 };
  if (a === 0) return { encoding: 'utf-16be', bom: 0 };
  return { encoding: bytes.some((byte) => byte > 0x7f) ? 'windows-1252' : 'ascii', bom: 0 };
}

function decode(bytes: Uint8Array, encoding: InfEncoding): string {
  try {
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    // Node 20 reads windows-1252 as ISO 8859-1 unless it streams (nodejs/node issue 56542).
    return decoder.decode(bytes, { stream: true }) + decoder.decode();
  } catch {
    throw new FormatError(`the bytes are not valid ${encoding}`);
  }
}

function countLineEnds(text: string): InfText['lineEnds'] {
  const ends = { crlf: 0, lf: 0, cr: 0 };
  for (const [end] of text.matchAll(/\r\n|\n|\r/g)) {
    if (end === '\r\n') ends.crlf++;
    else if (end === '\n') ends.lf++;
    else ends.cr++;
  }
  return ends;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\n|\r/).length;
}
