import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parsePe } from '../../../pipeline/formats/pe/pe.ts';
import { authenticodeDigest, readPeSignatures } from '../../../pipeline/formats/pe/signature.ts';
import { octets } from '../asn1.ts';
import { indirectData } from '../catalog-file.ts';
import { makePe } from '../pe-file.ts';
import {
  attribute,
  inside,
  makeCertificate,
  makeSignedData,
  makeSigner,
  type SignerOptions,
} from '../signing.ts';

describe('parsePe', () => {
  it('reads a PE32+ driver', () => {
    expect(parsePe(makePe())).toEqual({
      machine: 0x8664,
      format: 'PE32+',
      timestamp: 1_700_000_000,
      checksum: 0x12345678,
      subsystem: 1,
      subsystemVersion: { major: 6, minor: 3 },
      isDll: false,
    });
  });

  it('reads the machine of ARM64', () => {
    expect(parsePe(makePe({ machine: 0xaa64 })).machine).toBe(0xaa64);
  });

  it('reads a PE32 library', () => {
    const pe = parsePe(makePe({ machine: 0x14c, is64: false, isDll: true }));
    expect(pe).toMatchObject({
      machine: 0x14c,
      format: 'PE32',
      isDll: true,
      checksum: 0x12345678,
      subsystem: 1,
    });
  });

  it('reads the certificate table without its padding', () => {
    const der = octets(Buffer.alloc(300, 1));
    const pe = makePe({ signatures: [octets(Buffer.from([1, 2, 3])), der], tail: Buffer.alloc(3) });
    const table = parsePe(pe).certificateTable;
    expect(table).toMatchObject({ offset: 0x248, size: 16 + 312 });
    expect(table?.signatures.map((signature) => Buffer.from(signature).toString('hex'))).toEqual([
      '0403010203',
      Buffer.from(der).toString('hex'),
    ]);
  });

  it('reads the name and GUID of the program database', () => {
    const section = Buffer.alloc(128);
    section.writeUInt32LE(2, 28 + 12);
    section.writeUInt32LE(60, 28 + 16);
    section.writeUInt32LE(0x200 + 56, 28 + 24);
    section.write('RSDS', 56, 'latin1');
    Buffer.from('00112233445566778899aabbccddeeff', 'hex').copy(section, 60);
    section.writeUInt32LE(7, 76);
    section.write('C:\\build\\obj/viostor.pdb', 80, 'latin1');
    const pe = parsePe(makePe({ section, debug: { rva: 0x1000, size: 56 } }));
    expect(pe.debug).toEqual({
      guid: '33221100-5544-7766-8899-aabbccddeeff',
      age: 7,
      pdb: 'viostor.pdb',
      path: 'C:\\build\\obj/viostor.pdb',
    });
  });

  it.each([
    ['nothing', new Uint8Array(), 'the PE signature is missing'],
    ['text', Buffer.alloc(100, 'a'), 'the PE signature is missing'],
    ['zeros', Buffer.alloc(4096), 'the PE signature is missing'],
    ['a DOS program', patch(makePe(), 0x40, [0x4e, 0x45]), 'the PE signature is missing'],
    ['a PE header far away', patch(makePe(), 0x3c, [0xff, 0xff, 0xff, 0x7f]), 'the PE signature is missing'],
    [
      'a ROM image',
      patch(makePe(), 0x58, [0x07, 0x01]),
      'optional header has magic 0x107, neither PE32 nor PE32+',
    ],
    ['a cut file', makePe().subarray(0, 0x220), 'section 1 ends at byte 576 of 544: the file is truncated'],
    [
      'too many directories',
      patch(makePe(), 0x54, [16, 0]),
      'the data directories do not fit in the optional header',
    ],
    [
      'a table in the headers',
      patch(makePe(), 0x58 + 112 + 32, [8, 0, 0, 0, 8]),
      'certificate table at byte 8 overlaps the headers',
    ],
    [
      'a table past the end',
      patch(makePe(), 0x58 + 112 + 32, [0, 9, 0, 0, 8]),
      /^certificate table at byte 2304/,
    ],
    [
      'a debug directory in no section',
      makePe({ debug: { rva: 0x9000, size: 28 } }),
      'debug directory at RVA 0x9000 is outside all sections',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parsePe(bytes)).toThrow(expect.objectContaining({ name: 'FormatError' }));
    expect(() => parsePe(bytes)).toThrow(message);
  });

  it.each([
    ['too short', 4, 'the certificate at byte 0 of its table has an invalid length: 4'],
    ['longer than the table', 64, /^certificate at byte 0 \(64 bytes\) is beyond the end/],
  ])('refuses a certificate that is %s', (_, length, message) => {
    const pe = makePe({ signatures: [octets(Buffer.alloc(6))] });
    pe.writeUInt32LE(length, 0x240);
    expect(() => parsePe(pe)).toThrow(message);
  });
});

describe('authenticodeDigest', () => {
  const checksum = 0x58 + 64;
  const entry = 0x58 + 112 + 4 * 8;
  const expected = (pe: Buffer, end = pe.length) =>
    createHash('sha256')
      .update(pe.subarray(0, checksum))
      .update(pe.subarray(checksum + 4, entry))
      .update(pe.subarray(entry + 8, end))
      .update(Buffer.alloc((8 - (end % 8)) % 8))
      .digest('hex');

  it.each([0, 1, 7, 8])('of an unsigned file with %d more bytes is padded to 8', (more) => {
    const pe = makePe({ tail: Buffer.alloc(more, 1) });
    expect(authenticodeDigest(pe, 'sha256')).toBe(expected(pe));
  });

  it('does not change with the checksum, nor by signing, nor by another signature', () => {
    const tail = Buffer.alloc(5, 1);
    const plain = makePe({ tail });
    const digests = [
      plain,
      patch(plain, checksum, [1, 2, 3, 4]),
      makePe({ tail, signatures: [octets(Buffer.alloc(100))] }),
      makePe({ tail, signatures: [octets(Buffer.alloc(999)), octets(Buffer.alloc(1))] }),
    ].map((pe) => authenticodeDigest(pe, 'sha1'));
    expect(new Set(digests)).toHaveLength(1);
  });

  it('does not depend on what is in the certificate table', () => {
    const plain = makePe({ tail: Buffer.alloc(5, 1) });
    const damaged = makePe({ tail: Buffer.alloc(5, 1), signatures: [octets(Buffer.alloc(6))] });
    damaged.writeUInt32LE(4, 0x248);
    expect(() => readPeSignatures(damaged)).toThrow('invalid length: 4');
    expect(authenticodeDigest(damaged, 'sha256')).toBe(authenticodeDigest(plain, 'sha256'));
  });

  it('changes with any other byte', () => {
    const plain = makePe();
    const others = [2, 0x48, 0x200, plain.length - 1].map((at) => patch(plain, at, [0x99]));
    const digests = [plain, ...others].map((pe) => authenticodeDigest(pe, 'sha256'));
    expect(new Set(digests)).toHaveLength(5);
  });

  it('covers bytes after the certificate table', () => {
    const signed = makePe({ signatures: [octets(Buffer.alloc(6))] });
    const digests = [signed, Buffer.concat([signed, Buffer.from([1])])].map((pe) =>
      authenticodeDigest(pe, 'sha256'),
    );
    expect(digests[0]).not.toBe(digests[1]);
  });

  it('knows files with no place for a signature', () => {
    const pe = makePe({ directories: 4 });
    const hash = createHash('sha256')
      .update(pe.subarray(0, checksum))
      .update(pe.subarray(checksum + 4));
    expect(authenticodeDigest(pe, 'sha256')).toBe(hash.digest('hex'));
  });
});

describe('readPeSignatures', () => {
  const certificate = makeCertificate({ name: 'Vendor' });
  const contentType = '1.3.6.1.4.1.311.2.1.4';
  const signatureOf = (digest: string, more: Partial<SignerOptions> = {}) => {
    const data = indirectData(Buffer.from(digest, 'hex'));
    const signer = makeSigner({ certificate, bytes: inside(data), contentType, ...more });
    return makeSignedData(contentType, data, [certificate], [signer]);
  };

  it('says whether the signature is of this file', () => {
    const signature = signatureOf(authenticodeDigest(makePe(), 'sha256'));
    const [own] = readPeSignatures(makePe({ signatures: [signature] }));
    expect(own?.signers[0]?.problem).toBeUndefined();
    expect(own).toMatchObject({ matches: true, signers: [{ certificate: { commonName: 'Vendor' } }] });
    const [foreign] = readPeSignatures(makePe({ isDll: true, signatures: [signature] }));
    expect(foreign).toMatchObject({ matches: false, signers: [{ certificate: { commonName: 'Vendor' } }] });
  });

  it('gives a signature, then those nested in it, each with its own digest', () => {
    const digest = authenticodeDigest(makePe(), 'sha256');
    const inner = attribute('1.3.6.1.4.1.311.2.4.1', signatureOf('00'.repeat(32)));
    const outer = signatureOf(digest, { unsignedAttributes: () => [inner] });
    const found = readPeSignatures(makePe({ signatures: [outer, signatureOf(digest)] }));
    expect(found.map(({ matches }) => matches)).toEqual([true, false, true]);
  });

  it.each([
    ['padding', Buffer.alloc(5), 0],
    ['padding of other bytes', Buffer.of(0, 0, 1), 3],
    ['more zeros than padding', Buffer.alloc(9), 9],
    ['data', Buffer.alloc(48, 0x41), 48],
  ])('counts %s after the signature', (_, rest, expected) => {
    const der = octets(Buffer.alloc(8 - 2 - (rest.length % 8) + 8));
    const table = parsePe(makePe({ signatures: [Buffer.concat([der, rest])] })).certificateTable;
    expect(table?.signatures.map(({ length }) => length)).toEqual([der.length]);
    expect(table?.unsignedData).toBe(expected);
  });

  it('gives none for an unsigned file', () => {
    expect(readPeSignatures(makePe())).toEqual([]);
  });

  it('refuses a signature that is none', () => {
    expect(() => readPeSignatures(makePe({ signatures: [octets(Buffer.alloc(5))] }))).toThrow(
      /^embedded signature is damaged and cannot be read$/,
    );
  });
});

function patch(bytes: Buffer, offset: number, values: number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(values, offset);
  return copy;
}
