const named: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  e: 0x1b,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
  '"': 0x22,
  '\\': 0x5c,
};

/**
 * Decodes `\ooo`, `\n`, `\\` and the like to bytes and those as UTF-8, as git's `core.quotePath` and xorriso's
 * `-backslash_codes` write names; undefined for an unknown escape.
 */
export function decodeEscapes(text: string): string | undefined {
  const bytes: Buffer[] = [];
  for (const [piece] of text.matchAll(/\\(?:[0-7]{3}|.|$)|[^\\]+/gs)) {
    if (!piece.startsWith('\\')) bytes.push(Buffer.from(piece));
    else {
      const code = piece.length === 4 ? Number.parseInt(piece.slice(1), 8) : named[piece.slice(1)];
      if (code === undefined || code > 255) return undefined;
      bytes.push(Buffer.from([code]));
    }
  }
  return Buffer.concat(bytes).toString();
}
