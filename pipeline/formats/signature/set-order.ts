/** Parts of a SignedData that are sets, and what it signs. */
export type SetPart =
  | 'digest algorithms'
  | 'content'
  | 'certificates'
  | 'signed attributes'
  | 'unsigned attributes';

/**
 * Returns the parts of a SignedData in its ContentInfo with a SET OF that is not in the order of its encodings (X.690, 11.6). Certificates and
 * the values of attributes count as wholes: others encoded them. Values of indefinite length, which no such order is known of, are passed over.
 */
export function unsortedParts(der: Uint8Array): SetPart[] {
  const [, tagged] = partsOf(partsOf(der)[0]?.content ?? der);
  const [, algorithms, encapsulated, ...rest] = partsOf(partsOf(tagged?.content)[0]?.content);
  const certificates = rest.find(({ tag }) => tag === 0xa0);
  const signers = partsOf(rest.find(({ tag }) => tag === 0x31)?.content);
  const attributes = (tag: number) =>
    signers.flatMap(({ content }) => partsOf(content).filter((part) => part.tag === tag));
  const [, content] = partsOf(encapsulated?.content);
  const isUnsorted: Readonly<Record<SetPart, boolean>> = {
    'digest algorithms': !isSorted(algorithms),
    content: content !== undefined && hasUnsortedSet(content),
    certificates: !isSorted(certificates),
    'signed attributes': attributes(0xa0).some((set) => !isSorted(set)),
    'unsigned attributes': attributes(0xa1).some((set) => !isSorted(set)),
  };
  return (Object.keys(isUnsorted) as SetPart[]).filter((part) => isUnsorted[part]);
}

/** One encoded value: its tag, all its bytes, and those without tag and length. */
interface Value {
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
}

/** Splits encoded values that follow each other; none where one of them has no definite length. */
function partsOf(der: Uint8Array = new Uint8Array()): Value[] {
  const parts: Value[] = [];
  for (let at = 0; at < der.length; ) {
    const first = der[at + 1] ?? 0x80;
    const count = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || count > 4) return [];
    const sized = der.subarray(at + 2, at + 2 + count);
    const length = count === 0 ? first : sized.reduce((sum, byte) => sum * 256 + byte, 0);
    const start = at + 2 + count;
    if (start + length > der.length) return [];
    const bytes = der.subarray(at, start + length);
    parts.push({ tag: der[at] ?? 0, bytes, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return parts;
}

function isSorted(set: Value | undefined): boolean {
  const parts = partsOf(set?.content);
  return parts.every((part, index) => {
    const next = parts[index + 1];
    return next === undefined || Buffer.compare(part.bytes, next.bytes) <= 0;
  });
}

const constructed = 0x20;

/** Goes through a list instead of itself, since hostile values nest deeply. */
function hasUnsortedSet(root: Value): boolean {
  const open = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value.tag === 0x31 && !isSorted(value)) return true;
    if ((value.tag & constructed) !== 0) open.push(...partsOf(value.content));
  }
  return false;
}
