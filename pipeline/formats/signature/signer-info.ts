import * as asn1js from 'asn1js';
import { FormatError } from '../format-error.ts';
import { type Asn1, children, damaged, encodingOf, fields, isContext, octetsOf, oidOf } from './der.ts';

/** A SignerInfo (RFC 2315, 9.2; RFC 5652, 5.3), decoded but not verified. The decoder of pkijs takes ten times as long: it builds its schemas each time. */
export interface SignerInfo {
  readonly version: number;
  /** Encodings of the issuer and the serial number of the signer's certificate; absent where a key identifier names it. */
  readonly certificate?: { readonly issuer: Uint8Array; readonly serial: Uint8Array };
  /** Object identifiers. */
  readonly digestAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** Absent where the signature is over the content itself. */
  readonly signedAttributes?: SignedAttributes;
  readonly unsignedAttributes: readonly Attribute[];
}

interface SignedAttributes {
  readonly attributes: readonly Attribute[];
  /** The bytes that the key signed: the attributes as a SET (RFC 5652, 5.4). */
  readonly signed: Uint8Array;
}

/** An attribute of a signer. */
export interface Attribute {
  readonly type: string;
  readonly values: readonly Asn1[];
}

/** Reads a SignerInfo; FormatError for other input. */
export function readSignerInfo(node: Asn1, what: string): SignerInfo {
  const [version, id, digestAlgorithm, ...rest] = fields(node, what);
  const signed = isContext(rest[0], 0) ? rest.shift() : undefined;
  const [signatureAlgorithm, signature, unsigned, more] = rest;
  const isWhole = version instanceof asn1js.Integer && id !== undefined && more === undefined;
  if (!isWhole || !(unsigned === undefined || isContext(unsigned, 1))) throw damaged(what);
  return {
    version: version.valueBlock.valueDec,
    ...(!isContext(id, 0) && { certificate: certificateId(id, what) }),
    digestAlgorithm: algorithmOf(digestAlgorithm, what),
    signatureAlgorithm: algorithmOf(signatureAlgorithm, what),
    signature: octetsOf(signature, 'signature'),
    ...(signed !== undefined && { signedAttributes: signedAttributes(signed, what) }),
    unsignedAttributes: unsigned === undefined ? [] : attributesOf(unsigned, what),
  };
}

/** Returns the values of the attribute of one type; FormatError when it occurs twice. */
export function attributeValues(attributes: readonly Attribute[], type: string): readonly Asn1[] {
  const [found, second] = attributes.filter((attribute) => attribute.type === type);
  if (second !== undefined) throw new FormatError(`attribute ${type} occurs twice`);
  return found?.values ?? [];
}

/** Returns the object identifier of an AlgorithmIdentifier; FormatError for anything else. */
export function algorithmOf(node: Asn1 | undefined, what: string): string {
  return oidOf(fields(node, what)[0], what);
}

function certificateId(node: Asn1, what: string) {
  const [issuer, serial, more] = fields(node, what);
  if (issuer === undefined || serial === undefined || more !== undefined) throw damaged(what);
  return { issuer: encodingOf(issuer), serial: encodingOf(serial) };
}

const setTag = 0x31;

function signedAttributes(node: Asn1, what: string): SignedAttributes {
  const signed = Uint8Array.from(encodingOf(node));
  signed[0] = setTag;
  return { attributes: attributesOf(node, what), signed };
}

function attributesOf(node: Asn1, what: string): Attribute[] {
  return children(node, what).map((attribute) => {
    const [type, values] = fields(attribute, what);
    if (!(values instanceof asn1js.Set)) throw damaged(what);
    return { type: oidOf(type, what), values: children(values, what) };
  });
}
