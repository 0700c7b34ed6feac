import { testSigner } from '../builders/catalog.ts';
import { context, der, octets, oid, sequence, setOf } from '../formats/asn1.ts';
import { hexTag, makeCatalog, makeList } from '../formats/catalog-file.ts';
import { type CaseOf, casesOf, type HostileCase } from './case.ts';

const unreadable = /\[catalog\/unreadable\]/;
const signedDataOid = oid('1.2.840.113549.1.7.2');

function goodCatalog(): Buffer {
  const members = [
    { tag: hexTag(Buffer.alloc(20)), file: 'viostor.sys', osAttr: '2:10.0', kind: 'pe' as const },
  ];
  return Buffer.from(makeCatalog(makeList({ version: 1, members }), testSigner()));
}

/** A value whose length is given in four bytes, whatever there is. */
function lying(tag: number, length: number, content: Uint8Array = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(6);
  header[0] = tag;
  header[1] = 0x84;
  header.writeUInt32BE(length, 2);
  return Buffer.concat([header, content]);
}

function nested(depth: number, tag = 0x30): Buffer {
  let value: Uint8Array = Buffer.alloc(0);
  for (let index = 0; index < depth; index += 1) value = der(tag, value);
  return Buffer.from(value);
}

/** Each in the next with an indefinite length, none with an end. */
function indefinite(depth: number, tag = 0x30): Buffer {
  return Buffer.alloc(depth * 2, Buffer.from([tag, 0x80]));
}

const change = (edit: (bytes: Buffer) => void) => () => {
  const bytes = goodCatalog();
  edit(bytes);
  return bytes;
};

const lengths: readonly CaseOf[] = [
  { name: 'of no bytes', bytes: () => Buffer.alloc(0) },
  { name: 'of one byte', bytes: () => Buffer.from([0x30]) },
  { name: 'of zeros', bytes: () => Buffer.alloc(1_000_000) },
  { name: 'of ones', bytes: () => Buffer.alloc(100_000, 0xff) },
  { name: 'that says 4 GB', bytes: () => lying(0x30, 0xffffffff, Buffer.alloc(100)) },
  {
    name: 'that says 2 GB of octets',
    bytes: () => sequence(signedDataOid, context(0, lying(0x04, 0x7fffffff))),
  },
  {
    name: 'with a length of 126 bytes',
    bytes: () => Buffer.concat([Buffer.from([0x30, 0xfe]), Buffer.alloc(1000, 0xff)]),
  },
  { name: 'with a length of 8 bytes', bytes: () => Buffer.from('3088ffffffffffffffff0000', 'hex') },
  { name: 'with a reserved length', bytes: () => Buffer.from('30ff0000', 'hex') },
  {
    name: 'that says one byte more than it has',
    bytes: change((bytes) => bytes.writeUInt16BE(bytes.readUInt16BE(2) + 1, 2)),
  },
  {
    name: 'that says one byte less than it has',
    bytes: change((bytes) => bytes.writeUInt16BE(bytes.readUInt16BE(2) - 1, 2)),
    says: /\[catalog\//,
  },
  { name: 'with bytes after its end', bytes: () => Buffer.concat([goodCatalog(), Buffer.alloc(64, 0x41)]) },
  { name: 'cut in the middle', bytes: () => goodCatalog().subarray(0, 300) },
  { name: 'cut before its last byte', bytes: () => goodCatalog().subarray(0, -1) },
].map((one) => ({ says: unreadable, ...one }));

const shapes: readonly CaseOf[] = [
  { name: 'of 1,000 sequences in each other', bytes: () => nested(1000) },
  { name: 'of 10,000 sequences in each other', bytes: () => nested(10_000), dangerous: true },
  { name: 'of 500,000 endless sequences in each other', bytes: () => indefinite(500_000), dangerous: true },
  { name: 'of 500,000 endless sets in each other', bytes: () => indefinite(500_000, 0x31), dangerous: true },
  {
    name: 'of 500,000 endless strings in each other',
    bytes: () => indefinite(500_000, 0x24),
    dangerous: true,
  },
  {
    name: 'with an endless length and no end',
    bytes: () => Buffer.concat([Buffer.from([0x30, 0x80]), signedDataOid, Buffer.from([0xa0, 0x80])]),
  },
  {
    name: 'of a million numbers',
    bytes: () => lying(0x30, 3_000_000, Buffer.alloc(3_000_000, Buffer.from([2, 1, 1]))),
    dangerous: true,
  },
  {
    name: 'of 8 million nothings',
    bytes: () => lying(0x30, 16_000_000, Buffer.alloc(16_000_000, Buffer.from([5, 0]))),
    dangerous: true,
  },
  {
    name: 'with an identifier of 60,000 bytes',
    bytes: () => sequence(der(0x06, Buffer.alloc(60_000, 0xff))),
  },
  {
    name: 'with a tag of 60,000 bytes',
    bytes: () => Buffer.concat([Buffer.from([0x3f]), Buffer.alloc(60_000, 0xff), Buffer.from([0x7f, 0])]),
  },
  {
    name: 'that signs something else',
    bytes: () =>
      sequence(
        signedDataOid,
        context(
          0,
          sequence(der(2, Buffer.from([1])), setOf(), sequence(oid('1.2.840.113549.1.7.1')), setOf()),
        ),
      ),
  },
  { name: 'that is a number', bytes: () => der(2, Buffer.alloc(60_000, 7)) },
  { name: 'that is a string', bytes: () => octets(goodCatalog().subarray(0, 1000)) },
  {
    name: 'of 60 MB',
    bytes: () => lying(0x30, 60 * 2 ** 20, Buffer.alloc(60 * 2 ** 20, Buffer.from([5, 0]))),
    dangerous: true,
  },
  { name: 'that is text', bytes: () => Buffer.from('-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n') },
  { name: 'that is a web page', bytes: () => Buffer.from('<!doctype html><title>Sign in</title>') },
].map((one) => ({ says: unreadable, ...one }));

/** Hostile catalogs. */
export const hostileCatalogs: readonly HostileCase[] = casesOf(
  'catalog',
  [...lengths, ...shapes].map((one) => ({ ...one, name: `a catalog ${one.name}` })),
);
