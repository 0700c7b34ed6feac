import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  readTimestampResponse,
  writeTimestampRequest,
} from '../../../pipeline/formats/signature/timestamp-request.ts';
import { der, integer, octets, sequence } from '../asn1.ts';
import { sha256 } from '../signing.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

it('writeTimestampRequest asks for a timestamp of the SHA-256 of a signature, with certificates', () => {
  const signature = Buffer.from('signature');
  const imprint = sequence(sha256, octets(createHash('sha256').update(signature).digest()));
  expect(hex(writeTimestampRequest(signature))).toBe(
    hex(sequence(integer(1), imprint, der(0x01, Buffer.of(0xff)))),
  );
});

describe('readTimestampResponse', () => {
  const token = sequence(octets(Buffer.from('token')));

  it.each([0, 1])('returns the token of a response of status %i', (status) => {
    expect(hex(readTimestampResponse(sequence(sequence(integer(status)), token)))).toBe(hex(token));
  });

  it.each([
    ['a refusal', sequence(sequence(integer(2))), 'the authority refuses (status 2)'],
    ['no token', sequence(sequence(integer(0))), 'the response has no token'],
    ['a web page', Buffer.from('<html>'), 'response is not DER: it contains a truncated or damaged value'],
    ['no status', sequence(octets(Buffer.of(1))), 'status is not a sequence'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readTimestampResponse(bytes)).toThrow(message);
  });
});
