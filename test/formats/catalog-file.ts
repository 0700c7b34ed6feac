import { bmp, context, der, integer, nothing, octets, oid, sequence, setOf, utcTime } from './asn1.ts';
import {
  inside,
  makeSignedData,
  makeSigner,
  type SignerOptions,
  sha256,
  type TestCertificate,
} from './signing.ts';

export const trustList = '1.3.6.1.4.1.311.10.1';

export interface MemberOptions {
  readonly tag: Uint8Array;
  readonly file?: string;
  readonly osAttr?: string;
  readonly kind?: 'pe' | 'flat';
  /** A SHA-256 digest to hold as indirect data besides the tag. */
  readonly digest?: Uint8Array;
}

export interface ListOptions {
  readonly version: 1 | 2;
  readonly members: readonly MemberOptions[];
  /** Name and value pairs, in file order. */
  readonly attributes?: readonly [string, string][];
}

/** Makes the list that a catalog signs. */
export function makeList({ version, members, attributes = [] }: ListOptions): Uint8Array {
  const extensions = attributes.map(([name, value]) =>
    sequence(oid('1.3.6.1.4.1.311.12.2.1'), octets(pair(name, value))),
  );
  return sequence(
    sequence(oid('1.3.6.1.4.1.311.12.1.1')),
    octets(Buffer.alloc(16, 7)),
    utcTime('240229120000Z'),
    sequence(oid(`1.3.6.1.4.1.311.12.1.${version + 1}`), nothing),
    sequence(...members.map((member) => makeMember(version, member))),
    ...(extensions.length > 0 ? [context(0, sequence(...extensions))] : []),
  );
}

/** Makes a catalog over the list; signed by the certificate if one is given, with its issuers beside it. */
export function makeCatalog(
  list: Uint8Array,
  signer?: TestCertificate,
  others: readonly TestCertificate[] = [],
  more: Partial<SignerOptions> = {},
): Uint8Array {
  if (signer === undefined) return makeSignedData(trustList, list);
  const options = { certificate: signer, bytes: inside(list), contentType: trustList, ...more };
  return makeSignedData(trustList, list, [signer, ...others], [makeSigner(options)], more.digest);
}

/** The tag of a version 1 member: upper-case hexadecimal as UTF-16LE with a final NUL. */
export function hexTag(digest: Uint8Array): Uint8Array {
  return Buffer.from(`${Buffer.from(digest).toString('hex').toUpperCase()}\0`, 'utf16le');
}

/** SpcIndirectData of a PE or a flat file with a SHA-256 digest. */
export function indirectData(digest: Uint8Array, kind: 'pe' | 'flat' = 'pe'): Uint8Array {
  const type = kind === 'pe' ? '1.3.6.1.4.1.311.2.1.15' : '1.3.6.1.4.1.311.2.1.25';
  return sequence(sequence(oid(type), sequence()), sequence(sha256, octets(digest)));
}

function makeMember(version: 1 | 2, { tag, file, osAttr, kind = 'flat', digest }: MemberOptions): Uint8Array {
  const named = (name: string, value: string) =>
    sequence(oid('1.3.6.1.4.1.311.12.2.1'), setOf(pair(name, value)));
  return sequence(
    octets(tag),
    setOf(
      ...(file === undefined ? [] : [named('File', file)]),
      ...(osAttr === undefined ? [] : [named('OSAttr', osAttr)]),
      version === 1
        ? subject1(kind)
        : sequence(oid('1.3.6.1.4.1.311.12.2.3'), setOf(der(kind === 'pe' ? 0x80 : 0x82))),
      ...(digest === undefined
        ? []
        : [sequence(oid('1.3.6.1.4.1.311.2.1.4'), setOf(indirectData(digest, kind)))]),
    ),
  );
}

function subject1(kind: 'pe' | 'flat'): Uint8Array {
  const guid =
    kind === 'pe' ? '{C689AAB8-8E78-11D0-8C47-00C04FC295EE}' : '{DE351A42-8E59-11D0-8C47-00C04FC295EE}';
  return sequence(oid('1.3.6.1.4.1.311.12.2.2'), setOf(sequence(bmp(guid), der(0x02, Buffer.from([2, 0])))));
}

function pair(name: string, value: string): Uint8Array {
  return sequence(bmp(name), integer(1), octets(Buffer.from(`${value}\0`, 'utf16le')));
}
