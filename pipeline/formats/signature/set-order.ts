import { constructedBit, type DerPart, derParts } from './der-parts.ts';

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
  const [, tagged] = derParts(derParts(der)[0]?.content ?? der);
  const [, algorithms, encapsulated, ...rest] = derParts(derParts(tagged?.content)[0]?.content);
  const certificates = rest.find(({ tag }) => tag === 0xa0);
  const signers = derParts(rest.find(({ tag }) => tag === 0x31)?.content);
  const attributes = (tag: number) =>
    signers.flatMap(({ content }) => derParts(content).filter((part) => part.tag === tag));
  const [, content] = derParts(encapsulated?.content);
  const isUnsorted: Readonly<Record<SetPart, boolean>> = {
    'digest algorithms': !isSorted(algorithms),
    content: content !== undefined && hasUnsortedSet(content),
    certificates: !isSorted(certificates),
    'signed attributes': attributes(0xa0).some((set) => !isSorted(set)),
    'unsigned attributes': attributes(0xa1).some((set) => !isSorted(set)),
  };
  return (Object.keys(isUnsorted) as SetPart[]).filter((part) => isUnsorted[part]);
}

function isSorted(set: DerPart | undefined): boolean {
  const parts = derParts(set?.content);
  return parts.every((part, index) => {
    const next = parts[index + 1];
    return next === undefined || Buffer.compare(part.bytes, next.bytes) <= 0;
  });
}

/** Goes through a list instead of itself, since hostile values nest deeply. */
function hasUnsortedSet(root: DerPart): boolean {
  const open = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value.tag === 0x31 && !isSorted(value)) return true;
    if ((value.tag & constructedBit) !== 0) open.push(...derParts(value.content));
  }
  return false;
}
