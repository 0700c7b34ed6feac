/** One encoded value: its tag, all its bytes, and those without tag and length. */
export interface DerPart {
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
}

/** Splits encoded values that follow each other, without decoding them; none where one of them has no definite length or ends elsewhere, or there are more than `most`. */
export function derParts(der: Uint8Array = new Uint8Array(), most = Number.POSITIVE_INFINITY): DerPart[] {
  const parts: DerPart[] = [];
  for (let at = 0; at < der.length; ) {
    const first = der[at + 1] ?? 0x80;
    const count = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || count > 4) return [];
    const sized = der.subarray(at + 2, at + 2 + count);
    const length = count === 0 ? first : sized.reduce((sum, byte) => sum * 256 + byte, 0);
    const start = at + 2 + count;
    if (start + length > der.length || parts.length === most) return [];
    const bytes = der.subarray(at, start + length);
    parts.push({ tag: der[at] ?? 0, bytes, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return parts;
}

/** The bit of a tag whose value holds other values. */
export const constructedBit = 0x20;
