import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { readSignedData } from '../../../pipeline/formats/signature/signed-data.ts';
import { cpuTimeOf } from '../../builders/cpu-time.ts';
import { context, der, integer, nothing, octets, oid, sequence, setOf, text, utcTime } from '../asn1.ts';
import { outcome } from '../bytes.ts';
import { attribute, sha256 } from '../signing.ts';

const name = sequence(setOf(sequence(oid('2.5.4.3'), text('x'))));
const sha256Rsa = sequence(oid('1.2.840.113549.1.1.11'), nothing);
const contentType = '1.3.6.1.4.1.311.10.1';
const odd = (bits: number) => {
  const bytes = randomBytes(bits / 8);
  bytes[0] = 0x7f;
  bytes[bytes.length - 1] = 0xff;
  return der(2, bytes);
};

/** A certificate whose names fit all others, with a key that nobody has. */
function certificate(serial: number, key: Uint8Array, bits: number): Uint8Array {
  const spki = sequence(sequence(oid('1.2.840.113549.1.1.1'), nothing), der(3, Buffer.from([0]), key));
  const authority = sequence(oid('2.5.29.19'), octets(sequence(der(1, Buffer.from([0xff])))));
  const body = sequence(
    context(0, integer(2)),
    integer(serial),
    sha256Rsa,
    name,
    sequence(utcTime('200101000000Z'), utcTime('391231235959Z')),
    name,
    spki,
    context(3, sequence(authority)),
  );
  const signature = Buffer.concat([Buffer.from([0, 0x3f]), randomBytes(bits / 8 - 1)]);
  return sequence(body, sha256Rsa, der(3, signature));
}

function signer(serial: number, bits: number, unsigned: readonly Uint8Array[] = []): Uint8Array {
  return sequence(
    integer(1),
    sequence(name, integer(serial)),
    sha256,
    context(
      0,
      attribute('1.2.840.113549.1.9.3', oid(contentType)),
      attribute('1.2.840.113549.1.9.4', octets(randomBytes(32))),
    ),
    sequence(oid('1.2.840.113549.1.1.1'), nothing),
    octets(Buffer.concat([Buffer.from([0x3f]), randomBytes(bits / 8 - 1)])),
    ...(unsigned.length > 0 ? [context(1, ...unsigned)] : []),
  );
}

function signedData(certificates: readonly Uint8Array[], signers: readonly Uint8Array[]): Uint8Array {
  const data = sequence(
    integer(1),
    setOf(sha256),
    sequence(oid(contentType), context(0, sequence())),
    context(0, ...certificates),
    setOf(...signers),
  );
  return sequence(oid('1.2.840.113549.1.7.2'), context(0, data));
}

const numbers = (count: number) => [...Array(count).keys()].map((index) => index + 1);

function bomb(bits: number, exponent: () => Uint8Array): Uint8Array {
  const certificates = numbers(100).map((serial) =>
    certificate(serial, sequence(odd(bits), exponent()), bits),
  );
  return signedData(
    certificates,
    numbers(16).map((serial) => signer(serial, bits)),
  );
}

const leaf = () => signedData([certificate(1, sequence(odd(2048), integer(3)), 2048)], [signer(1, 2048)]);

function nested(depth: number, breadth: number, inner: Uint8Array): Uint8Array {
  if (depth === 0) return inner;
  const below = nested(depth - 1, breadth, inner);
  const values = numbers(breadth).map(() => below);
  const unsigned = sequence(oid('1.3.6.1.4.1.311.2.4.1'), setOf(...values));
  return signedData([certificate(1, sequence(odd(2048), integer(3)), 2048)], [signer(1, 2048, [unsigned])]);
}

/** Each took minutes before the work was counted. */
test.each([
  ['keys of 3072 bits with exponents as long', () => bomb(3072, () => odd(3072)), 'ok'],
  ['100 keys of 8192 bits', () => bomb(8192, () => der(2, Buffer.from([0x7f, 0xff, 0xff, 0xff]))), 'refused'],
  ['625 nested signatures', () => nested(4, 5, leaf()), 'ok'],
] as const)(
  '%s take less than five seconds',
  (_, make, end) => {
    const bytes = make();
    const ends: string[] = [];
    expect(cpuTimeOf(() => ends.push(outcome(() => readSignedData(bytes, 'catalog'))))).toBeLessThan(5000);
    expect(ends).toEqual([end]);
  },
  60_000,
);

test('a signer whose key is too large has a problem, and the file is read', () => {
  const bytes = bomb(3072, () => odd(3072));
  const { signers } = readSignedData(bytes, 'catalog').signature;
  expect(new Set(signers.map(({ problem }) => problem))).toEqual(
    new Set(['the key of its certificate is larger than any that Windows takes']),
  );
});
