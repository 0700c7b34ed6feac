import { hex } from '../binary.ts';
import { FormatError } from '../format-error.ts';
import { type Asn1, bmpOf, children, isContext, octetsOf, oidOf } from '../signature/der.ts';
import { type DigestAlgorithm, oids } from '../signature/oids.ts';
import { readIndirectData } from '../signature/spc.ts';

/** A member of a catalog: one digest of a file. A version 2 catalog has two members per file. */
export interface CatalogMember {
  /** Lower-case hexadecimal: the digest or, in version 1, any label that the author chose. */
  readonly tag: string;
  readonly algorithm: DigestAlgorithm;
  /** Lower-case hexadecimal: the Authenticode digest of a PE, else the digest of all bytes. */
  readonly digest: string;
  /** The file kind in the catalog; absent if not given. */
  readonly kind?: 'pe' | 'flat';
  /** Whether the member has the digest as indirect data in addition to its tag. */
  readonly hasIndirectData: boolean;
  /** The file name at the time the catalog was made; informational only. */
  readonly file?: string;
  /** Windows versions as `2:<major>.<minor>`. */
  readonly osAttr: readonly string[];
  /** All name and value pairs, `File` and `OSAttr` among them. */
  readonly attributes: readonly NameValue[];
}

/** Reads a member: its tag and its attributes (File, OSAttr, the kind, and the digest as SpcIndirectData). */
export function readMember(node: Asn1): CatalogMember {
  const [tagNode, set] = children(node, 'member');
  const tagBytes = octetsOf(tagNode, 'tag of a member');
  const tag = hexLabel(tagBytes) ?? hex(tagBytes);
  const values = children(set, 'attributes of a member').map(readAttribute);
  const attributes = values
    .filter(({ type }) => type === oids.nameValue)
    .map(({ value }) => readNameValue(value));
  const indirect = values.find(({ type }) => type === oids.indirectData);
  const digest = indirect === undefined ? tagDigest(tag) : readIndirectData(indirect.value);
  const kind = values.map(kindOf).find((found) => found !== undefined);
  const file = attributes.find(({ name }) => name.toLowerCase() === 'file')?.value;
  const osAttr = attributes.find(({ name }) => name.toLowerCase() === 'osattr')?.value ?? '';
  return {
    tag,
    algorithm: digest.algorithm,
    digest: digest.digest,
    ...(kind !== undefined && { kind }),
    hasIndirectData: indirect !== undefined,
    ...(file !== undefined && { file }),
    osAttr: osAttr.split(',').filter((version) => version !== ''),
    attributes,
  };
}

interface MemberAttribute {
  readonly type: string;
  readonly value: Asn1 | undefined;
}

function readAttribute(node: Asn1): MemberAttribute {
  const [type, values] = children(node, 'attribute of a member');
  return { type: oidOf(type, 'attribute of a member'), value: children(values, 'attribute of a member')[0] };
}

/** A version 1 tag: the digest in upper-case hexadecimal as UTF-16LE with a final NUL. */
function hexLabel(tag: Uint8Array): string | undefined {
  const label = utf16(tag);
  return tag.length > 32 && /^[0-9a-f]+$/i.test(label) ? label.toLowerCase() : undefined;
}

function tagDigest(tag: string): { algorithm: DigestAlgorithm; digest: string } {
  if (tag.length === 40) return { algorithm: 'sha1', digest: tag };
  if (tag.length === 64) return { algorithm: 'sha256', digest: tag };
  throw new FormatError(`member ${tag.slice(0, 64)} has no digest`);
}

export const peSubject = '{C689AAB8-8E78-11D0-8C47-00C04FC295EE}';
export const flatSubject = '{DE351A42-8E59-11D0-8C47-00C04FC295EE}';

/** Version 1 names the kind by the GUID of its handler, version 2 by a context tag: 0 for PE, 2 for flat. */
function kindOf({ type, value }: MemberAttribute): CatalogMember['kind'] {
  if (type === oids.memberInfo2) return isContext(value, 0) ? 'pe' : isContext(value, 2) ? 'flat' : undefined;
  if (type !== oids.memberInfo1) return undefined;
  const subject = bmpOf(children(value, 'kind of a member')[0], 'kind of a member').toUpperCase();
  return subject === peSubject ? 'pe' : subject === flatSubject ? 'flat' : undefined;
}

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
function utf16(bytes: Uint8Array): string {
  const [before = ''] = Buffer.from(bytes).toString('utf16le').split('\0', 1);
  return before;
}
