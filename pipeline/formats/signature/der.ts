import * as asn1js from 'asn1js';
import { plural } from '../../core/text.ts';
import { slice } from '../binary.ts';
import { FormatError } from '../format-error.ts';

const { BmpString, Constructed, fromBER, ObjectIdentifier, OctetString, Sequence, UTCTime } = asn1js;

/** A decoded ASN.1 value of asn1js, whose types the declarations of the public modules cannot name: it is bundled. */
export interface Asn1 {
  readonly idBlock: { readonly tagClass: number; readonly tagNumber: number; readonly blockLength: number };
  readonly lenBlock: { readonly blockLength: number };
  readonly valueBeforeDecodeView: Uint8Array;
}

/** Limits for hostile input; a catalog of 2 000 files is below them. */
const limits = { maxNodes: 200_000, maxDepth: 64, maxContentLength: 16 * 1024 * 1024, parseEmbedded: false };

/** Decodes one DER value that must fill the input; `what` names it in the FormatError. */
export function parseDer(bytes: Uint8Array, what: string): Asn1 {
  if (bytes.length === 0) throw new FormatError(`${what} is empty`);
  const { offset, result } = attempt(() => fromBER(bytes, limits), what);
  if (offset < 0) throw new FormatError(`${what} is not DER: it contains a truncated or damaged value`);
  if (!isWellNested(bytes))
    throw new FormatError(`${what} is not DER: it contains a value with a wrong length`);
  if (offset !== bytes.length)
    throw new FormatError(`${what} is followed by ${plural(bytes.length - offset, 'byte')} of trailing data`);
  return result;
}

/** Runs a library call on untrusted input and converts its errors to a FormatError that names `what`. */
export function attempt<T>(call: () => T, what: string): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw damaged(what);
  }
}

/** Returns the values inside a SEQUENCE, SET or constructed context tag; FormatError for anything else. */
export function children(node: Asn1 | undefined, what: string): readonly Asn1[] {
  if (!(node instanceof Constructed)) throw new FormatError(`${what} is not a sequence`);
  return node.valueBlock.value as Asn1[];
}

/** Returns the values inside a SEQUENCE; FormatError for anything else. */
export function fields(node: Asn1 | undefined, what: string): readonly Asn1[] {
  if (!(node instanceof Sequence)) throw damaged(what);
  return node.valueBlock.value as Asn1[];
}

/** Returns the error for a structure that lacks what its standard demands. */
export function damaged(what: string): FormatError {
  return new FormatError(`${what} is damaged and cannot be read`);
}

/** Returns an OBJECT IDENTIFIER in dotted form; FormatError for anything else. */
export function oidOf(node: Asn1 | undefined, what: string): string {
  if (!(node instanceof ObjectIdentifier)) throw new FormatError(`${what} is not an object identifier`);
  return attempt(() => node.getValue(), what);
}

/** Returns the bytes of an OCTET STRING; FormatError for anything else. */
export function octetsOf(node: Asn1 | undefined, what: string): Uint8Array {
  if (!(node instanceof OctetString)) throw new FormatError(`${what} is not an octet string`);
  return new Uint8Array(attempt(() => node.getValue(), what));
}

/** Returns the text of a BMPString; FormatError for anything else. */
export function bmpOf(node: Asn1 | undefined, what: string): string {
  if (!(node instanceof BmpString)) throw new FormatError(`${what} is not a BMP string`);
  return attempt(() => node.getValue(), what);
}

/** Returns a UTCTime or GeneralizedTime as ISO 8601 in UTC; FormatError for anything else. */
export function timeOf(node: Asn1 | undefined, what: string): string {
  if (!(node instanceof UTCTime)) throw new FormatError(`${what} is not a time`);
  return isoTime(
    attempt(() => node.toDate(), what),
    what,
  );
}

/** Returns a date as ISO 8601 in UTC; FormatError when invalid. */
export function isoTime(date: Date, what: string): string {
  if (Number.isNaN(date.getTime())) throw new FormatError(`${what} is not a valid time`);
  return date.toISOString();
}

/** Returns the original bytes of a value, including its tag and length. */
export function encodingOf(node: Asn1): Uint8Array {
  return node.valueBeforeDecodeView;
}

/** Returns the content bytes of a value, without its tag and length. */
export function contentOf(node: Asn1, what: string): Uint8Array {
  if (node instanceof OctetString) return octetsOf(node, what);
  const header = node.idBlock.blockLength + node.lenBlock.blockLength;
  return node.valueBeforeDecodeView.subarray(header);
}

/** Returns whether a value has this context-specific tag. */
export function isContext(node: Asn1 | undefined, tag: number): boolean {
  return node !== undefined && node.idBlock.tagClass === 3 && node.idBlock.tagNumber === tag;
}

/**
 * Returns whether the values in each constructed value fill it exactly (X.690, 8.1.3), which the decoder does not check.
 * Accepts indefinite lengths, which DER forbids but some signers write.
 */
function isWellNested(bytes: Uint8Array): boolean {
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

/** Undefined for an indefinite or impossibly large length. */
function readLength(bytes: Uint8Array, offset: number) {
  const first = bytes[offset] ?? 0;
  if (first < 0x80) return { start: offset + 1, length: first };
  const count = first & 0x7f;
  if (count === 0 || count > 4) return undefined;
  let length = 0;
  for (let index = 1; index <= count; index++) length = length * 256 + (bytes[offset + index] ?? 0);
  return { start: offset + 1 + count, length };
}

/** Returns a DER value without the padding after it. */
export function trimDer(bytes: Uint8Array): Uint8Array {
  const [, first = 0] = slice(bytes, 0, 2, 'signature');
  if (first < 0x80) return slice(bytes, 0, 2 + first, 'signature');
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new FormatError('the signature is not DER');
  const length = slice(bytes, 2, count, 'signature').reduce((value, byte) => value * 256 + byte, 0);
  return slice(bytes, 0, 2 + count + length, 'signature');
}
