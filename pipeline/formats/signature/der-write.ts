import type { BaseBlock } from 'asn1js';
import * as asn1js from 'asn1js';

/** The encoding of one DER value. */
type Der = Uint8Array;

const {
  BitString,
  BmpString,
  GeneralizedTime,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Primitive,
  UTCTime,
} = asn1js;

const universal = { class: 1, sequence: 16, set: 17 } as const;

const contextSpecific = 3;

/** Encodes a SEQUENCE of encoded values. */
export function sequence(...parts: readonly Der[]): Der {
  return constructed(universal.class, universal.sequence, parts);
}

/** Encodes a SET OF encoded values, sorted by their encodings (X.690, 11.6). Windows refuses signed catalogs whose sets are unsorted since October 2020. */
export function setOf(...parts: readonly Der[]): Der {
  return constructed(universal.class, universal.set, sorted(parts));
}

/** Encodes encoded values inside a context-specific tag. */
export function context(tag: number, ...parts: readonly Der[]): Der {
  return constructed(contextSpecific, tag, parts);
}

/** Encodes a SET OF under a context-specific tag instead of its own, sorted all the same (`[0] IMPLICIT`). */
export function contextSetOf(tag: number, ...parts: readonly Der[]): Der {
  return constructed(contextSpecific, tag, sorted(parts));
}

/** Encodes bytes under a context-specific tag instead of the tag of their type. */
export function contextPrimitive(tag: number, bytes: Uint8Array = new Uint8Array()): Der {
  return encoded(
    new Primitive({ idBlock: { tagClass: contextSpecific, tagNumber: tag }, valueHex: buffer(bytes) }),
  );
}

/** Encodes an OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Der {
  return encoded(new ObjectIdentifier({ value: dotted }));
}

/** Encodes an OCTET STRING. */
export function octets(bytes: Uint8Array): Der {
  return encoded(new OctetString({ valueHex: buffer(bytes) }));
}

/** Encodes a BIT STRING of which the last byte has so many unused bits. */
export function bits(bytes: Uint8Array, unusedBits: number): Der {
  return encoded(new BitString({ valueHex: buffer(bytes), unusedBits }));
}

/** Encodes an INTEGER that is not negative. */
export function integer(value: number): Der {
  return encoded(new Integer({ value }));
}

/** Encodes a BMPString. */
export function bmp(text: string): Der {
  return encoded(new BmpString({ value: text }));
}

/** Encodes a time as RFC 5280, 4.1.2.5 wants it: UTCTime up to 2049, GeneralizedTime from 2050; fractions of a second are cut. */
export function time(date: Date): Der {
  const seconds = new Date(Math.floor(date.getTime() / 1000) * 1000);
  const isLate = seconds.getUTCFullYear() >= 2050;
  return encoded(isLate ? new GeneralizedTime({ valueDate: seconds }) : new UTCTime({ valueDate: seconds }));
}

/** The encoding of TRUE. */
export const trueValue: Der = encoded(new asn1js.Boolean({ value: true }));

/** The encoding of NULL. */
export const nothing: Der = encoded(new Null());

function sorted(parts: readonly Der[]): Der[] {
  return parts.toSorted((a, b) => Buffer.compare(a, b));
}

/** The library takes only its own objects inside a constructed value; parts that are encoded already go through a primitive one. */
function constructed(tagClass: number, tagNumber: number, parts: readonly Der[]): Der {
  const block = new Primitive({ idBlock: { tagClass, tagNumber }, valueHex: buffer(Buffer.concat(parts)) });
  block.idBlock.isConstructed = true;
  return encoded(block);
}

function encoded(block: BaseBlock): Der {
  return new Uint8Array(block.toBER());
}

/** The library takes whole buffers only. */
function buffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
