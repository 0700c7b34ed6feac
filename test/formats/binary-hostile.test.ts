import { describe, expect, it } from 'vitest';
import { parseCatalog } from '../../pipeline/formats/catalog/catalog.ts';
import { readPeImports } from '../../pipeline/formats/pe/imports.ts';
import { parsePe } from '../../pipeline/formats/pe/pe.ts';
import { authenticodeDigest, readPeSignatures } from '../../pipeline/formats/pe/signature.ts';
import { readPeVersion } from '../../pipeline/formats/pe/version.ts';
import { signatureState } from '../../pipeline/formats/signature/signature.ts';
import { cpuTimeOf } from '../builders/cpu-time.ts';
import { der, generalizedTime, integer, octets, oid, sequence } from './asn1.ts';
import { mutations, outcome, truncations } from './bytes.ts';
import { hexTag, indirectData, makeCatalog, makeList } from './catalog-file.ts';
import { makePe } from './pe-file.ts';
import { attribute, inside, makeCertificate, makeSignedData, makeSigner, sha256 } from './signing.ts';

const signer = makeCertificate({ name: 'Signer', ekus: ['1.3.6.1.5.5.7.3.3'] });

/** An RFC 3161 token, right in form. */
function token(): Uint8Array {
  const contentType = '1.2.840.113549.1.9.16.1.4';
  const imprint = sequence(sha256, octets(Buffer.alloc(32)));
  const info = sequence(integer(1), oid('1.2.3'), imprint, integer(7), generalizedTime('20210325184438Z'));
  return makeSignedData(
    contentType,
    octets(info),
    [signer],
    [makeSigner({ certificate: signer, bytes: info, contentType })],
  );
}

const list = makeList({
  version: 1,
  members: [
    { tag: hexTag(Buffer.alloc(20)), file: 'x.sys', osAttr: '2:6.1', kind: 'pe', digest: Buffer.alloc(32) },
  ],
  attributes: [
    ['OS', '7X64'],
    ['HWID1', 'pci\\x'],
  ],
});
const catalog = makeCatalog(list, signer, [], {
  unsignedAttributes: () => [attribute('1.3.6.1.4.1.311.3.3.1', token())],
});

function signedPe(): Buffer {
  const contentType = '1.3.6.1.4.1.311.2.1.4';
  const data = indirectData(Buffer.alloc(32));
  const info = makeSigner({ certificate: signer, bytes: inside(data), contentType });
  const signature = makeSignedData(contentType, data, [signer], [info]);
  const section = Buffer.alloc(256, 1);
  section.writeUInt32LE(2, 12);
  return makePe({
    section,
    signatures: [signature],
    resource: { rva: 0x1000, size: 128 },
    debug: { rva: 0x1000, size: 56 },
  });
}

function readCatalog(bytes: Uint8Array): void {
  signatureState(parseCatalog(bytes).signature.signers);
}

/** Asks everything that can be asked of a binary, each apart. */
function readBinary(bytes: Uint8Array): Set<string> {
  const readers = [
    () => parsePe(bytes),
    () => readPeVersion(bytes),
    () => authenticodeDigest(bytes, 'sha256'),
    () => readPeSignatures(bytes),
    () => readPeImports(bytes),
  ];
  return new Set(readers.map(outcome));
}

const both = new Set(['ok', 'refused']);

describe('hostile catalogs', () => {
  it('are read before they are harmed', () => {
    expect(outcome(() => readCatalog(catalog))).toBe('ok');
  });

  it('cut at any length are refused', () => {
    const outcomes = [...truncations(catalog, 4000)].map((bytes) => outcome(() => readCatalog(bytes)));
    expect(outcomes.length).toBeGreaterThan(1500);
    expect(new Set(outcomes)).toEqual(new Set(['refused']));
  });

  it('with flipped bytes only ever give a FormatError', () => {
    const outcomes = [...mutations(catalog, 600)].map((bytes) => outcome(() => readCatalog(bytes)));
    expect(new Set(outcomes)).toEqual(both);
  });

  it.each([
    ['nested sequences', Buffer.alloc(1_000_000, Buffer.from([0x30, 0x80]))],
    ['many numbers', sequenceOf(Buffer.alloc(3_000_000, Buffer.from([0x02, 0x01, 0x01])))],
    ['a length of 4 GB', Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x00])],
    ['a length of a million bytes', Buffer.concat([Buffer.from([0x30, 0xfe]), Buffer.alloc(1000, 0xff)])],
    ['a long identifier', der(0x06, Buffer.alloc(60_000, 0xff))],
    ['zeros', Buffer.alloc(1_000_000)],
  ])('of %s are refused within seconds', (_, bytes) => {
    const milliseconds = cpuTimeOf(() => expect(outcome(() => readCatalog(bytes))).toBe('refused'));
    expect(milliseconds).toBeLessThan(10_000);
  });
});

describe('hostile binaries', () => {
  const pe = signedPe();

  it('cut at any length only ever give a FormatError', () => {
    const outcomes = [...truncations(pe, 4000)].map(readBinary);
    expect(outcomes.length).toBeGreaterThan(1000);
    expect(outcomes[0]).toEqual(new Set(['refused']));
  });

  it('with flipped bytes only ever give a FormatError', () => {
    const headers = pe.subarray(0, 0x300);
    const outcomes = [...mutations(headers, 800)].map((head) =>
      readBinary(Buffer.concat([head, pe.subarray(0x300)])),
    );
    expect(new Set(outcomes.flatMap((results) => [...results]))).toEqual(both);
  });

  it('of random bytes are refused', () => {
    const bytes = Buffer.from(
      Array.from({ length: 8192 }, (_, index) => Math.imul(index, 2654435761) >>> 24),
    );
    bytes.write('MZ', 0, 'latin1');
    expect(readBinary(bytes)).toEqual(new Set(['refused']));
  });
});

/** A SEQUENCE of up to 16 MB. */
function sequenceOf(content: Buffer): Buffer {
  const header = Buffer.from([
    0x30,
    0x83,
    content.length >> 16,
    (content.length >> 8) & 0xff,
    content.length & 0xff,
  ]);
  return Buffer.concat([header, content]);
}
