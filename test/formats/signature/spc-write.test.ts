import { describe, expect, it } from 'vitest';
import { parseDer } from '../../../pipeline/formats/signature/der.ts';
import { readIndirectData } from '../../../pipeline/formats/signature/spc.ts';
import { writeIndirectData } from '../../../pipeline/formats/signature/spc-write.ts';

const digest = '11'.repeat(20);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('writeIndirectData', () => {
  it('writes of a PE what signtool writes', () => {
    expect(hex(writeIndirectData({ algorithm: 'sha1', digest, isPe: true }))).toBe(
      `303d3018060a2b06010401823702010f300a030205a0a004a20280003021300906052b0e03021a05000414${digest}`,
    );
  });

  it('writes of any other file a link, and its text where one is given', () => {
    const type = '06 0a 2b 06 01 04 01 82 37 02 01 19'.replaceAll(' ', '');
    const info = `3021300906052b0e03021a05000414${digest}`;
    expect(hex(writeIndirectData({ algorithm: 'sha1', digest, isPe: false }))).toBe(
      `30353010${type}a2028000${info}`,
    );
    expect(hex(writeIndirectData({ algorithm: 'sha1', digest, isPe: false, link: 'ab' }))).toBe(
      `30393014${type}a206800400610062${info}`,
    );
  });

  it.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)(
    'writes %s so that it is read again',
    (algorithm) => {
      const data = { algorithm, digest, isPe: true };
      expect(readIndirectData(parseDer(writeIndirectData(data), 'data'))).toEqual(data);
    },
  );
});
