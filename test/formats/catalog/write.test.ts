import { describe, expect, it } from 'vitest';
import { parseCatalog } from '../../../pipeline/formats/catalog/catalog.ts';
import {
  type CatalogList,
  type CatalogListMember,
  writeTrustList,
  writeUnsignedCatalog,
} from '../../../pipeline/formats/catalog/write.ts';
import { bmp, context, der, integer, nothing, octets, oid, sequence, setOf, utcTime } from '../asn1.ts';

const catalogOid = '1.3.6.1.4.1.311.12';
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const text = (value: string) => Buffer.from(`${value}\0`, 'utf16le');
const flags = der(0x02, Buffer.from([0x10, 0x01, 0x00, 0x01]));
const pair = (name: string, value: string) => sequence(bmp(name), flags, octets(text(value)));
const named = (name: string, value: string) => sequence(oid(`${catalogOid}.2.1`), setOf(pair(name, value)));

const member = (digest: string, more: Partial<CatalogListMember> = {}): CatalogListMember => ({
  algorithm: digest.length === 40 ? 'sha1' : 'sha256',
  digest,
  kind: 'flat',
  hasIndirectData: digest.length === 64,
  attributes: [
    { name: 'File', value: 'a.inf' },
    { name: 'OSAttr', value: '2:6.3' },
  ],
  ...more,
});

const list = (more: Partial<CatalogList>): CatalogList => ({
  version: 2,
  listId: '07'.repeat(16),
  thisUpdate: '2024-02-29T12:00:00.000Z',
  members: [],
  attributes: [],
  ...more,
});

const head = (version: 1 | 2) => [
  sequence(oid(`${catalogOid}.1.1`)),
  octets(Buffer.alloc(16, 7)),
  utcTime('240229120000Z'),
  sequence(oid(`${catalogOid}.1.${version + 1}`), nothing),
];

describe('writeTrustList', () => {
  it('writes a member of version 2 with its attributes in the order of their encodings', () => {
    const digest = 'ab'.repeat(20);
    const expected = sequence(
      ...head(2),
      sequence(
        sequence(
          octets(Buffer.from(digest, 'hex')),
          setOf(
            sequence(oid(`${catalogOid}.2.3`), setOf(der(0x82))),
            named('File', 'a.inf'),
            named('OSAttr', '2:6.3'),
          ),
        ),
      ),
    );
    expect(hex(writeTrustList(list({ members: [member(digest)] })))).toBe(hex(expected));
  });

  it('writes a member of version 1 with its digest as text and the GUID of its kind', () => {
    const digest = 'ab'.repeat(20);
    const guid = '{C689AAB8-8E78-11D0-8C47-00C04FC295EE}';
    const attributes = [{ name: 'OSAttr', value: '2:6.1' }];
    const written = writeTrustList(
      list({ version: 1, members: [member(digest, { kind: 'pe', attributes })] }),
    );
    const expected = sequence(
      ...head(1),
      sequence(
        sequence(
          octets(text(digest.toUpperCase())),
          setOf(
            named('OSAttr', '2:6.1'),
            sequence(oid(`${catalogOid}.2.2`), setOf(sequence(bmp(guid), der(0x02, Buffer.from([2, 0]))))),
          ),
        ),
      ),
    );
    expect(hex(written)).toBe(hex(expected));
  });

  it('sorts members by their tags, and keeps the order of the attributes of the list', () => {
    const digests = ['ff'.repeat(20), '01'.repeat(32), '01'.repeat(20)];
    const attributes = ['OS', 'HWID2', 'HWID1'].map((name) => ({ name, value: name.toLowerCase() }));
    const members = digests.map((digest) => member(digest));
    const written = writeUnsignedCatalog(list({ members, attributes }));
    const read = parseCatalog(written);
    expect(read.members.map(({ tag }) => tag)).toEqual(['01'.repeat(20), '01'.repeat(32), 'ff'.repeat(20)]);
    expect(read.attributes).toEqual(attributes);
  });

  it('writes what was read', () => {
    const members = [member('ab'.repeat(32), { kind: 'pe' }), member('cd'.repeat(20))];
    const written = writeUnsignedCatalog(list({ members, attributes: [{ name: 'OS', value: '_v63' }] }));
    expect(hex(writeUnsignedCatalog(parseCatalog(written)))).toBe(hex(written));
  });

  it('writes a member of no kind without one', () => {
    const { kind: _, ...bare } = member('ab'.repeat(20));
    const [read] = parseCatalog(writeUnsignedCatalog(list({ members: [bare] }))).members;
    expect(read).toMatchObject({ file: 'a.inf', osAttr: ['2:6.3'] });
    expect(read).not.toHaveProperty('kind');
  });
});

it('writeUnsignedCatalog puts the list into a SignedData without digest algorithms, certificates and signers', () => {
  const content = sequence(oid('1.3.6.1.4.1.311.10.1'), context(0, writeTrustList(list({}))));
  const data = sequence(integer(1), setOf(), content, setOf());
  expect(hex(writeUnsignedCatalog(list({})))).toBe(
    hex(sequence(oid('1.2.840.113549.1.7.2'), context(0, data))),
  );
});
