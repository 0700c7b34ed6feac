import { createHash, createPrivateKey, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readSignedData } from '../../../pipeline/formats/signature/signed-data.ts';
import {
  type ContentToSign,
  type SignatureToWrite,
  writeSignedAttributes,
  writeSignedData,
} from '../../../pipeline/formats/signature/write.ts';
import { context, der, octets, oid, sequence, setOf } from '../asn1.ts';
import { unsortedSets } from '../set-order.ts';
import { attribute, inside, makeCertificate } from '../signing.ts';

const root = makeCertificate({ name: 'Root', isAuthority: true });
const leaf = makeCertificate({ name: 'Leaf', issuer: root });
const content: ContentToSign = { type: '1.3.6.1.4.1.311.10.1', der: sequence(octets(Buffer.from('list'))) };
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function signed(more: Partial<SignatureToWrite> = {}) {
  const signedAttributes = writeSignedAttributes(content);
  const signature = sign(
    'sha256',
    signedAttributes,
    createPrivateKey(leaf.key.export({ type: 'pkcs8', format: 'pem' })),
  );
  return writeSignedData(content, {
    leaf: leaf.der,
    issuers: [root.der],
    signedAttributes,
    signature,
    ...more,
  });
}

const signerOf = (bytes: Uint8Array) => readSignedData(bytes, 'catalog').signature.signers[0];

describe('writeSignedAttributes', () => {
  it('writes type, digest and an empty SpcSpOpusInfo, and no time', () => {
    const digest = createHash('sha256').update(inside(content.der)).digest();
    const attributes = [
      attribute('1.2.840.113549.1.9.3', oid(content.type)),
      attribute('1.3.6.1.4.1.311.2.1.12', sequence()),
      attribute('1.2.840.113549.1.9.4', octets(digest)),
    ];
    expect(hex(writeSignedAttributes(content))).toBe(
      hex(setOf(...attributes.sort((a, b) => Buffer.compare(a, b)))),
    );
  });

  it('writes the name and the address that Windows shows', () => {
    const name = der(0x80, Buffer.from('Treiber é', 'utf16le').swap16());
    const opus = sequence(context(0, name), context(1, der(0x80, Buffer.from('https://example.org'))));
    const written = writeSignedAttributes(content, { name: 'Treiber é', url: 'https://example.org' });
    expect(hex(written)).toContain(hex(attribute('1.3.6.1.4.1.311.2.1.12', opus)));
  });
});

describe('writeSignedData', () => {
  it('writes what the reader finds right, with every set in order', () => {
    const bytes = signed();
    expect(signerOf(bytes)).toMatchObject({
      certificate: { commonName: 'Leaf' },
      digestAlgorithm: 'sha256',
      nested: [],
    });
    expect(signerOf(bytes)).not.toHaveProperty('problem');
    expect(readSignedData(bytes, 'catalog').signature.certificates).toHaveLength(2);
    expect(unsortedSets(bytes)).toEqual([]);
  });

  it('writes certificates in one order, however they are given', () => {
    const others = [1, 2, 3].map((number) => makeCertificate({ name: `Authority ${number}` }).der);
    const one = signed({ issuers: [root.der, ...others] });
    expect(hex(signed({ issuers: [...others.toReversed(), root.der] }))).toBe(hex(one));
  });

  it('writes a timestamp beside the signature', () => {
    const timestamp = sequence(oid('1.2.840.113549.1.7.2'));
    const bytes = signed({ timestamp });
    expect(hex(bytes)).toContain(hex(context(1, attribute('1.3.6.1.4.1.311.3.3.1', timestamp))));
    expect(signerOf(bytes)).not.toHaveProperty('problem');
  });

  it('is refused by the reader when another key signed', () => {
    const signature = sign('sha256', writeSignedAttributes(content), root.key);
    expect(signerOf(signed({ signature }))?.problem).toBe(
      'the signature does not match the key of its certificate',
    );
  });
});

it('the search for unsorted sets finds one', () => {
  const [small, large] = [octets(Buffer.of(1)), octets(Buffer.of(2))];
  expect(unsortedSets(sequence(setOf(small, large)))).toEqual([]);
  expect(unsortedSets(sequence(der(0x31, large, small)))).toEqual([2]);
  expect(unsortedSets(sequence(context(0, large, small)))).toEqual([2]);
});
