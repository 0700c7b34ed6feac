/**
 * Says whether the values inside each constructed value fill it exactly (X.690, 8.1.3), which the decoder does not ask for.
 * Values of indefinite length, which DER has not and some signers write, are taken as they are.
 */
export function isWellNested(bytes: Uint8Array): boolean {
  const ends: number[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const tag = bytes[offset] ?? 0;
    if ((tag & 0x1f) === 0x1f) return true;
    const header = readLength(bytes, offset + 1);
    if (header === undefined) return true;
    const { start, length } = header;
    const end = start + length;
    if (end > (ends.at(-1) ?? bytes.length)) return ends.length === 0;
    if ((tag & 0x20) !== 0) {
      ends.push(end);
      offset = start;
    } else {
      offset = end;
    }
    while (ends.at(-1) === offset) ends.pop();
  }
  return ends.length === 0;
}

/** Undefined for an indefinite length, or one beyond what a file has. */
function readLength(bytes: Uint8Array, offset: number) {
  const first = bytes[offset] ?? 0;
  if (first < 0x80) return { start: offset + 1, length: first };
  const count = first & 0x7f;
  if (count === 0 || count > 4) return undefined;
  let length = 0;
  for (let index = 1; index <= count; index++) length = length * 256 + (bytes[offset + index] ?? 0);
  return { start: offset + 1 + count, length };
}
