import { type Asn1, bmpOf, children, octetsOf } from '../signature/der.ts';

/** A `CAT_NAMEVALUE` attribute: `File`, `OSAttr`, `OS`, `HWID1` … */
export interface NameValue {
  readonly name: string;
  readonly value: string;
}

/** Reads `SEQUENCE { BMPString name, INTEGER flags, OCTET STRING value }`; the value is UTF-16LE with a final NUL. */
export function readNameValue(node: Asn1 | undefined): NameValue {
  const [name, , value] = children(node, 'catalog attribute');
  return {
    name: bmpOf(name, 'name of a catalog attribute'),
    value: utf16(octetsOf(value, 'value of a catalog attribute')),
  };
}

/** Decodes UTF-16LE up to the first NUL. */
export function utf16(bytes: Uint8Array): string {
  const [before = ''] = Buffer.from(bytes).toString('utf16le').split('\0', 1);
  return before;
}
