import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseCatalog } from '../../../pipeline/formats/catalog/catalog.ts';
import { fileDigests, membersOf } from '../../../pipeline/formats/catalog/file-digests.ts';
import { context, generalizedTime, integer, nothing, octets, oid, sequence, utcTime } from '../asn1.ts';
import { hexTag, makeCatalog, makeList } from '../catalog-file.ts';
import { makePe } from '../pe-file.ts';
import { makeCertificate, makeSignedData } from '../signing.ts';

const digest = (bytes: Uint8Array, algorithm = 'sha256') => createHash(algorithm).update(bytes).digest();
const inf = Buffer.from('[Version]\r\n');
const signer = makeCertificate({ name: 'Signer' });

describe('parseCatalog', () => {
  it('reads a version 2 catalog: raw tags, kinds by context tag, indirect data', () => {
    const members = [
      { tag: digest(inf), file: 'x.inf', osAttr: '2:10.0', digest: digest(inf) },
      { tag: digest(inf, 'sha1'), file: 'x.inf', osAttr: '2:6.3,2:10.0', kind: 'pe' as const },
    ];
    const catalog = parseCatalog(makeCatalog(makeList({ version: 2, members }), signer));
    const [sha256, sha1] = [digest(inf).toString('hex'), digest(inf, 'sha1').toString('hex')];
    expect(catalog).toMatchObject({
      version: 2,
      listId: '07'.repeat(16),
      thisUpdate: '2024-02-29T12:00:00.000Z',
      members: [
        {
          tag: sha256,
          algorithm: 'sha256',
          digest: sha256,
          kind: 'flat',
          hasIndirectData: true,
          osAttr: ['2:10.0'],
        },
        {
          tag: sha1,
          algorithm: 'sha1',
          digest: sha1,
          kind: 'pe',
          hasIndirectData: false,
          osAttr: ['2:6.3', '2:10.0'],
        },
      ],
      attributes: [],
      os: [],
      hardwareIds: [],
    });
    expect(catalog.signature.signers).toMatchObject([
      { certificate: { commonName: 'Signer' }, digestAlgorithm: 'sha256' },
    ]);
  });

  it('reads a version 1 catalog: tags as hexadecimal text, kinds by GUID', () => {
    const sha1 = digest(inf, 'sha1');
    const members = [
      { tag: hexTag(sha1), kind: 'flat' as const },
      { tag: hexTag(sha1), kind: 'pe' as const, digest: digest(inf) },
    ];
    const catalog = parseCatalog(makeCatalog(makeList({ version: 1, members })));
    expect(catalog.version).toBe(1);
    expect(catalog.members).toEqual([
      {
        tag: sha1.toString('hex'),
        algorithm: 'sha1',
        digest: sha1.toString('hex'),
        kind: 'flat',
        hasIndirectData: false,
        osAttr: [],
        attributes: [],
      },
      {
        tag: sha1.toString('hex'),
        algorithm: 'sha256',
        digest: digest(inf).toString('hex'),
        kind: 'pe',
        hasIndirectData: true,
        osAttr: [],
        attributes: [],
      },
    ]);
  });

  it('reads a catalog that nobody signed', () => {
    const catalog = parseCatalog(makeCatalog(makeList({ version: 2, members: [] })));
    expect(catalog.members).toEqual([]);
    expect(catalog.signature).toEqual({ certificates: [], signers: [] });
  });

  it('keeps attributes that it does not know, and orders hardware IDs by their number', () => {
    const attributes: [string, string][] = [
      ['BundleID', 'virtio'],
      ['OS', '_v100_X64,_v100_ARM64'],
      ['HWID10', 'pci\\j'],
      ['HWID2', 'PCI\\B'],
      ['HWID1', 'pci\\a'],
      ['HWIDx', 'pci\\x'],
    ];
    const catalog = parseCatalog(makeCatalog(makeList({ version: 2, members: [], attributes })));
    expect(catalog.attributes.map(({ name, value }) => [name, value])).toEqual(attributes);
    expect(catalog.os).toEqual(['_v100_X64', '_v100_ARM64']);
    expect(catalog.hardwareIds).toEqual(['pci\\a', 'pci\\b', 'pci\\j']);
  });

  it('ignores extensions of other types', () => {
    const list = sequence(
      sequence(oid('1.3.6.1.4.1.311.12.1.1')),
      octets(Buffer.alloc(16)),
      generalizedTime('20500101000000Z'),
      sequence(oid('1.3.6.1.4.1.311.12.1.3'), nothing),
      sequence(),
      context(0, sequence(sequence(oid('1.2.3.4'), octets(Buffer.from([1]))))),
    );
    expect(parseCatalog(makeCatalog(list))).toMatchObject({
      attributes: [],
      thisUpdate: '2050-01-01T00:00:00.000Z',
    });
  });

  const list = makeList({ version: 2, members: [] });
  it.each([
    ['nothing', new Uint8Array(), /^catalog is empty$/],
    ['text', Buffer.from('not a catalog'), /^catalog /],
    ['bytes after it', Buffer.concat([makeCatalog(list), Buffer.alloc(3)]), 'catalog is followed by 3 bytes'],
    [
      'another content',
      makeSignedData('1.2.840.113549.1.7.1', octets(inf)),
      'not a catalog: the signed content has another type',
    ],
    [
      'a list of something else',
      makeCatalog(
        sequence(
          sequence(),
          octets(inf),
          utcTime('240101000000Z'),
          sequence(oid('1.3.6.1.4.1.311.10.3.30')),
          sequence(),
        ),
      ),
      'not a catalog of files: its members have type 1.3.6.1.4.1.311.10.3.30',
    ],
    ['a list of numbers', makeCatalog(sequence(integer(1))), 'type of the members is not a sequence'],
    [
      'a member without digest',
      makeCatalog(makeList({ version: 2, members: [{ tag: Buffer.from([1, 2, 3]) }] })),
      'member 010203 has no digest',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseCatalog(bytes)).toThrow(expect.objectContaining({ name: 'FormatError' }));
    expect(() => parseCatalog(bytes)).toThrow(message);
  });
});

describe('membersOf', () => {
  it('finds a file by its digest, whatever its name', () => {
    const pe = makePe();
    const { sha256 } = fileDigests(pe);
    const members = [
      { tag: digest(inf), file: 'other name.inf' },
      { tag: Buffer.from(sha256, 'hex'), file: 'x.sys', kind: 'pe' as const },
    ];
    const catalog = parseCatalog(makeCatalog(makeList({ version: 2, members })));
    expect(membersOf(catalog, fileDigests(inf)).map(({ file }) => file)).toEqual(['other name.inf']);
    expect(membersOf(catalog, fileDigests(pe)).map(({ file }) => file)).toEqual(['x.sys']);
    expect(membersOf(catalog, fileDigests(Buffer.from('[Version]\n')))).toEqual([]);
  });
});

describe('fileDigests', () => {
  it('digests all bytes of what is no PE, and a PE by Authenticode', () => {
    expect(fileDigests(inf)).toEqual({
      kind: 'flat',
      sha1: digest(inf, 'sha1').toString('hex'),
      sha256: digest(inf).toString('hex'),
    });
    const pe = makePe();
    expect(fileDigests(pe).kind).toBe('pe');
    expect(fileDigests(pe).sha256).not.toBe(digest(pe).toString('hex'));
  });

  it('takes a DOS program for a flat file', () => {
    const dos = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(98)]);
    expect(fileDigests(dos)).toMatchObject({ kind: 'flat', sha256: digest(dos).toString('hex') });
  });

  it('refuses what begins as a PE and is cut off', () => {
    expect(() => fileDigests(makePe().subarray(0, 0x220))).toThrow('the file is truncated');
  });
});
