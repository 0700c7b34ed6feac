import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { embedSignature, peChecksum, withoutSignature } from '../../../pipeline/formats/pe/embed.ts';
import { readPeHeaders } from '../../../pipeline/formats/pe/headers.ts';
import { parsePe } from '../../../pipeline/formats/pe/pe.ts';
import { authenticodeDigest } from '../../../pipeline/formats/pe/signature.ts';
import { sequence } from '../asn1.ts';
import { makePe } from '../pe-file.ts';
import { realDrivers } from '../reference.ts';

const der = sequence(Buffer.alloc(3, 1));

describe('embedSignature', () => {
  it.each([0, 1, 7, 8])(
    'keeps the Authenticode digest of a file of %i bytes more than a multiple of 8',
    (more) => {
      const bytes = makePe({ tail: Buffer.alloc(more, 0xee) });
      const signed = embedSignature(bytes, der);
      const { certificateTable, checksum } = parsePe(signed);
      expect(certificateTable).toEqual({
        offset: Math.ceil(bytes.length / 8) * 8,
        size: 16,
        signatures: [Uint8Array.from(der)],
        unsignedData: 0,
      });
      expect(signed.length % 8).toBe(0);
      expect(checksum).toBe(peChecksum(signed));
      for (const algorithm of ['sha1', 'sha256'] as const)
        expect(authenticodeDigest(signed, algorithm)).toBe(authenticodeDigest(bytes, algorithm));
    },
  );

  it('puts a signature in the place of another, so that signing again gives the same bytes', () => {
    const once = embedSignature(makePe(), der);
    const other = embedSignature(makePe(), sequence(Buffer.alloc(300, 2)));
    expect(embedSignature(other, der).equals(once)).toBe(true);
    expect(embedSignature(once, der).equals(once)).toBe(true);
  });

  it('signs PE32 as it does PE32+', () => {
    expect(parsePe(embedSignature(makePe({ is64: false }), der)).certificateTable?.signatures).toHaveLength(
      1,
    );
  });

  it('refuses data after the certificate table, and headers without an entry for it', () => {
    const signed = embedSignature(makePe(), der);
    expect(() => embedSignature(Buffer.concat([signed, Buffer.alloc(8)]), der)).toThrow(
      'data follow its certificate table',
    );
    expect(() => embedSignature(makePe({ directories: 4 }), der)).toThrow('no entry for certificates');
  });
});

it('withoutSignature takes the signature away and pads with zeros', () => {
  const bytes = makePe({ tail: Buffer.of(1) });
  const bare = withoutSignature(embedSignature(bytes, der));
  expect(parsePe(bare)).not.toHaveProperty('certificateTable');
  expect(bare.length).toBe(Math.ceil(bytes.length / 8) * 8);
  expect(withoutSignature(bare).equals(bare)).toBe(true);
});

describe('peChecksum', () => {
  it('does not depend on the checksum that is there, and does on every other byte', () => {
    const bytes = makePe();
    const { checksumOffset } = readPeHeaders(bytes);
    const sum = peChecksum(bytes);
    const changed = (at: number) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
      return peChecksum(copy);
    };
    expect([0, 1, 2, 3].map((at) => changed(checksumOffset + at))).toEqual([sum, sum, sum, sum]);
    expect(changed(checksumOffset + 4)).not.toBe(sum);
    expect(changed(bytes.length - 1)).not.toBe(sum);
  });

  it.skipIf(realDrivers === undefined)('is what 166 real binaries have', () => {
    const names = readdirSync(realDrivers ?? '.', { recursive: true, encoding: 'utf8' });
    const binaries = names.filter((name) => /\.(sys|dll|exe)$/i.test(name));
    const wrong = binaries.filter((name) => {
      const bytes = readFileSync(join(realDrivers ?? '.', name));
      return peChecksum(bytes) !== readPeHeaders(bytes).checksum;
    });
    expect([binaries.length, wrong]).toEqual([166, []]);
  });
});
