import { expect, test } from 'vitest';
import { unsortedParts } from '../../../pipeline/formats/signature/set-order.ts';
import { driverCatalog } from '../../builders/catalog.ts';
import { context, der, inOrder, integer, octets, oid, sequence, setOf } from '../asn1.ts';

const file = { name: 'a.sys', bytes: Buffer.from('a') };
const [one, two] = [octets(Buffer.from([1])), octets(Buffer.from([2]))];
const backwards = (tag: number) => der(tag, two, one);

/** A SignedData with parts that are written as they are given. */
function signedData(parts: {
  readonly algorithms?: Uint8Array;
  readonly content?: Uint8Array;
  readonly certificates?: Uint8Array;
  readonly signed?: Uint8Array;
  readonly unsigned?: Uint8Array;
}): Uint8Array {
  const { algorithms = setOf(one, two), content = sequence(), certificates = context(0, one, two) } = parts;
  const { signed = context(0, one), unsigned = context(1, one) } = parts;
  const signer = sequence(integer(1), sequence(one, two), signed, octets(Buffer.alloc(200)), unsigned);
  const info = sequence(oid('1.2.3'), context(0, content));
  const data = sequence(integer(1), algorithms, info, certificates, setOf(signer));
  return sequence(oid('1.2.840.113549.1.7.2'), context(0, data));
}

test('finds each part that is not in the order of its encodings, and no other', () => {
  expect(unsortedParts(signedData({}))).toEqual([]);
  expect(unsortedParts(signedData({ algorithms: backwards(0x31) }))).toEqual(['digest algorithms']);
  expect(unsortedParts(signedData({ certificates: backwards(0xa0) }))).toEqual(['certificates']);
  expect(unsortedParts(signedData({ signed: backwards(0xa0) }))).toEqual(['signed attributes']);
  expect(unsortedParts(signedData({ unsigned: backwards(0xa1) }))).toEqual(['unsigned attributes']);
  expect(unsortedParts(signedData({ content: sequence(sequence(backwards(0x31))) }))).toEqual(['content']);
  expect(unsortedParts(signedData({ content: sequence(backwards(0x30)) }))).toEqual([]);
});

test('passes over values of indefinite length, cut ones and what is no SignedData', () => {
  const whole = signedData({ certificates: backwards(0xa0) });
  for (const bytes of [
    Buffer.from('3080', 'hex'),
    Buffer.alloc(0),
    Buffer.from('text'),
    whole.subarray(0, 40),
  ])
    expect(unsortedParts(bytes)).toEqual([]);
  expect(inOrder([two, one])).toEqual([one, two]);
});

test('finds nothing in a catalog in order', () => {
  expect(unsortedParts(driverCatalog({ files: [file], osAttr: '2:10.0' }))).toEqual([]);
});
