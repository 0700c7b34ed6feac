import {
  bmp,
  context,
  contextPrimitive,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  setOf,
  time,
} from '../signature/der-write.ts';
import { oids } from '../signature/oids.ts';
import { writeIndirectData } from '../signature/spc-write.ts';
import type { Catalog } from './catalog.ts';
import { type CatalogMember, flatSubject, type NameValue, peSubject } from './member.ts';

/** What a catalog says, in the words of its reader: `writeTrustList` of a parsed catalog gives the list that it signs. */
export interface CatalogList extends Pick<Catalog, 'version' | 'listId' | 'thisUpdate' | 'attributes'> {
  readonly members: readonly CatalogListMember[];
}

/** A member that is written. */
export interface CatalogListMember
  extends Pick<CatalogMember, 'algorithm' | 'digest' | 'kind' | 'hasIndirectData' | 'attributes'> {
  /** The link in its indirect data; empty when absent. */
  readonly link?: string;
}

/** Encodes an unsigned catalog, as Inf2Cat leaves it: a SignedData without digest algorithms, certificates and signers. */
export function writeUnsignedCatalog(list: CatalogList): Uint8Array {
  const content = sequence(oid(oids.certificateTrustList), context(0, writeTrustList(list)));
  return sequence(oid(oids.signedData), context(0, sequence(integer(1), setOf(), content, setOf())));
}

/** Encodes the certificate trust list that a catalog signs, its members sorted by their tags and every set by its encodings. */
export function writeTrustList({
  version,
  listId,
  thisUpdate,
  members,
  attributes,
}: CatalogList): Uint8Array {
  const tagged = members.map((member) => ({ member, tag: tagOf(member, version) }));
  tagged.sort((a, b) => Buffer.compare(a.tag, b.tag));
  const memberType = version === 1 ? oids.catalogMembers1 : oids.catalogMembers2;
  const extensions = attributes.map((pair) => sequence(oid(oids.nameValue), octets(writeNameValue(pair))));
  return sequence(
    sequence(oid(oids.catalogList)),
    octets(Buffer.from(listId, 'hex')),
    time(new Date(thisUpdate)),
    sequence(oid(memberType), nothing),
    sequence(...tagged.map(({ member, tag }) => writeMember(member, tag, version))),
    ...(extensions.length > 0 ? [context(0, sequence(...extensions))] : []),
  );
}

/** The digest: raw in version 2, in version 1 as upper-case hexadecimal in UTF-16LE with a final NUL. */
function tagOf({ digest }: CatalogListMember, version: 1 | 2): Uint8Array {
  return version === 2 ? Buffer.from(digest, 'hex') : utf16(digest.toUpperCase());
}

function writeMember(member: CatalogListMember, tag: Uint8Array, version: 1 | 2): Uint8Array {
  const { algorithm, digest, kind, link } = member;
  const isPe = kind === 'pe';
  return sequence(
    octets(tag),
    setOf(
      ...member.attributes.map((pair) => attribute(oids.nameValue, writeNameValue(pair))),
      ...(kind === undefined ? [] : [version === 1 ? memberInfo1(isPe) : memberInfo2(isPe)]),
      ...(member.hasIndirectData
        ? [
            attribute(
              oids.indirectData,
              writeIndirectData({ algorithm, digest, isPe, ...(link !== undefined && { link }) }),
            ),
          ]
        : []),
    ),
  );
}

function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), setOf(value));
}

function memberInfo1(isPe: boolean): Uint8Array {
  return attribute(oids.memberInfo1, sequence(bmp(isPe ? peSubject : flatSubject), integer(0x200)));
}

function memberInfo2(isPe: boolean): Uint8Array {
  return attribute(oids.memberInfo2, contextPrimitive(isPe ? 0 : 2));
}

/** `CRYPTCAT_ATTR_AUTHENTICATED | CRYPTCAT_ATTR_DATAASCII | CRYPTCAT_ATTR_NAMEASCII`, which all catalogs of Inf2Cat have. */
const nameValueFlags = 0x10010001;

function writeNameValue({ name, value }: NameValue): Uint8Array {
  return sequence(bmp(name), integer(nameValueFlags), octets(utf16(value)));
}

function utf16(text: string): Uint8Array {
  return Buffer.from(`${text}\0`, 'utf16le');
}
