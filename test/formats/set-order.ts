/** Returns where a DER value has a SET whose values are not in the order of their encodings (X.690, 11.6), by byte; also certificates and attributes under `[0]` and `[1]`, which are sets without their tag. */
export function unsortedSets(der: Uint8Array): number[] {
  const found: number[] = [];
  walk(der, 0, der.length, (at, parts) => {
    const isSet = der[at] === 0x31 || ((der[at] === 0xa0 || der[at] === 0xa1) && parts.length > 1);
    const sorted = parts.toSorted((a, b) => Buffer.compare(a, b));
    if (isSet && parts.some((part, index) => part !== sorted[index])) found.push(at);
  });
  return found;
}

function walk(
  der: Uint8Array,
  start: number,
  end: number,
  visit: (at: number, parts: readonly Uint8Array[]) => void,
): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = start; at < end; ) {
    const first = der[at + 1] ?? 0;
    const count = first < 0x80 ? 0 : first & 0x7f;
    const length =
      count === 0 ? first : der.subarray(at + 2, at + 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
    const content = at + 2 + count;
    if (((der[at] ?? 0) & 0x20) !== 0) visit(at, walk(der, content, content + length, visit));
    parts.push(der.subarray(at, content + length));
    at = content + length;
  }
  return parts;
}
