import { hex } from '../binary.ts';
import { FormatError } from '../format-error.ts';
import { type Asn1, children, isContext, octetsOf, oidOf, parseDer, timeOf } from '../signature/der.ts';
import { oids } from '../signature/oids.ts';
import { readSignedData, type Signature } from '../signature/signed-data.ts';
import { type CatalogMember, type NameValue, readMember, readNameValue } from './member.ts';

/** A catalog: the digests of a driver package's files, their Windows versions, and the signature. */
export interface Catalog {
  /** Version 2 uses raw digests as tags and requires Windows 8; every Windows reads version 1. */
  readonly version: 1 | 2;
  /** 16 random bytes in hexadecimal. */
  readonly listId: string;
  /** Creation time, ISO 8601 in UTC. */
  readonly thisUpdate: string;
  readonly members: readonly CatalogMember[];
  /** All name and value pairs in file order: `OS`, `HWID1` … and undocumented ones. */
  readonly attributes: readonly NameValue[];
  /** The values of `OS`, informational only: Windows checks `OSAttr` of the members. */
  readonly os: readonly string[];
  /** Hardware IDs in lower case, in the order of the INF. */
  readonly hardwareIds: readonly string[];
  readonly signature: Signature;
}

/** Parses a catalog (version 1 or 2) and verifies its signature, if present; FormatError for other input. */
export function parseCatalog(bytes: Uint8Array): Catalog {
  const { pkcs7, signature } = readSignedData(bytes, 'catalog');
  if (pkcs7.contentType !== oids.certificateTrustList)
    throw new FormatError('not a catalog: the signed content has another type');
  const { listId, thisUpdate, memberType, members, extensions } = splitList(pkcs7.content);
  const attributes = extensions.map(readExtension).filter((attribute) => attribute !== undefined);
  return {
    version: memberVersion(memberType),
    listId: hex(octetsOf(listId, 'list identifier')),
    thisUpdate: timeOf(thisUpdate, 'time of the catalog'),
    members: members.map(readMember),
    attributes,
    os: wordsOf(attributes, 'os'),
    hardwareIds: hardwareIds(attributes),
    signature,
  };
}

interface TrustList {
  readonly listId: Asn1 | undefined;
  readonly thisUpdate: Asn1 | undefined;
  readonly memberType: Asn1 | undefined;
  readonly members: readonly Asn1[];
  readonly extensions: readonly Asn1[];
}

/** Splits the certificate trust list: usage, identifier, time, member type, members, tagged extensions. */
function splitList(content: Asn1 | undefined): TrustList {
  const [, listId, thisUpdate, memberType, ...rest] = children(content, 'trust list');
  const tagged = rest.find((node) => isContext(node, 0));
  const members = rest.find((node) => node !== tagged);
  return {
    listId,
    thisUpdate,
    memberType,
    members: members === undefined ? [] : children(members, 'members'),
    extensions: tagged === undefined ? [] : children(children(tagged, 'extensions')[0], 'extensions'),
  };
}

function memberVersion(node: Asn1 | undefined): 1 | 2 {
  const type = oidOf(children(node, 'type of the members')[0], 'type of the members');
  if (type === oids.catalogMembers1) return 1;
  if (type === oids.catalogMembers2) return 2;
  throw new FormatError(`not a catalog of files: its members have type ${type}`);
}

function readExtension(node: Asn1): NameValue | undefined {
  const parts = children(node, 'extension');
  if (oidOf(parts[0], 'extension') !== oids.nameValue) return undefined;
  return readNameValue(parseDer(octetsOf(parts.at(-1), 'extension'), 'extension'));
}

function wordsOf(attributes: readonly NameValue[], name: string): string[] {
  const value = attributes.find((attribute) => attribute.name.toLowerCase() === name)?.value ?? '';
  return value.split(',').filter((word) => word !== '');
}

function hardwareIds(attributes: readonly NameValue[]): string[] {
  const numbered = attributes.flatMap(({ name, value }) => {
    const number = /^HWID(\d{1,9})$/i.exec(name)?.[1];
    return number === undefined ? [] : [{ number: Number(number), value: value.toLowerCase() }];
  });
  return numbered.sort((a, b) => a.number - b.number).map(({ value }) => value);
}
