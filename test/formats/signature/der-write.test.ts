import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { encodingOf, parseDer } from '../../../pipeline/formats/signature/der.ts';
import * as write from '../../../pipeline/formats/signature/der-write.ts';
import * as independent from '../asn1.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('the writer of DER', () => {
  it.each([
    ['an object identifier', write.oid('1.3.6.1.4.1.311.12.2.1'), independent.oid('1.3.6.1.4.1.311.12.2.1')],
    ['octets', write.octets(Buffer.alloc(300, 1)), independent.octets(Buffer.alloc(300, 1))],
    ['a BMP string', write.bmp('Aé€'), independent.bmp('Aé€')],
    ['an integer', write.integer(5), independent.integer(5)],
    ['an integer whose first bit is set', write.integer(0x80), independent.integer(0x80)],
    ['null', write.nothing, independent.nothing],
    ['an empty sequence', write.sequence(), independent.sequence()],
    ['a context tag', write.context(1, write.nothing), independent.context(1, independent.nothing)],
    [
      'bytes under a context tag',
      write.contextPrimitive(2, Buffer.from('ab')),
      independent.der(0x82, Buffer.from('ab')),
    ],
    ['nothing under a context tag', write.contextPrimitive(0), independent.der(0x80)],
  ])('encodes %s', (_, ours, theirs) => {
    expect(hex(ours)).toBe(hex(theirs));
  });

  it('encodes bits with their number of unused ones', () => {
    expect(hex(write.bits(Uint8Array.of(0xa0), 5))).toBe('030205a0');
  });

  it('encodes times up to 2049 with two digits of the year, later ones with four, without fractions', () => {
    expect(hex(write.time(new Date('2049-12-31T23:59:59.900Z')))).toBe(
      hex(independent.utcTime('491231235959Z')),
    );
    expect(hex(write.time(new Date('2050-01-01T00:00:00Z')))).toBe(
      hex(independent.generalizedTime('20500101000000Z')),
    );
  });

  it('sorts the values of sets by their encodings, and leaves sequences as they are', () => {
    const [one, two] = [write.octets(Uint8Array.of(1, 1)), write.octets(Uint8Array.of(2))];
    expect(hex(write.setOf(one, two))).toBe(hex(independent.setOf(two, one)));
    expect(hex(write.contextSetOf(0, one, two))).toBe(hex(independent.context(0, two, one)));
    expect(hex(write.sequence(one, two))).toBe(hex(independent.sequence(one, two)));
  });
});

test('whatever is written can be read, with a set in one order however it was given', () => {
  const values = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
  fc.assert(
    fc.property(values, (given) => {
      const set = write.setOf(...given.map(write.octets));
      expect(hex(encodingOf(parseDer(set, 'set')))).toBe(hex(set));
      expect(hex(write.setOf(...given.toReversed().map(write.octets)))).toBe(hex(set));
    }),
    { numRuns: 50 },
  );
});
