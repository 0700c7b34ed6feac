import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../pipeline/formats/format-error.ts';
import { decodeInf } from '../../../pipeline/formats/inf/text.ts';

const text = '[Version]\r\nClass = Größe €\r\n';

function utf16(value: string, bom: number[], bigEndian = false): Uint8Array {
  const bytes = Buffer.from(value, 'utf16le');
  return Buffer.concat([Buffer.from(bom), bigEndian ? bytes.swap16() : bytes]);
}

describe('decodeInf', () => {
  it.each([
    ['ascii', false, Buffer.from('[Version]\n')],
    ['windows-1252', false, Buffer.from('[Version]\r\nClass = Gr\xf6\xdfe \x80\r\n', 'latin1')],
    ['utf-16le', true, utf16(text, [0xff, 0xfe])],
    ['utf-16be', true, utf16(text, [0xfe, 0xff], true)],
    ['utf-16le', false, utf16(text, [])],
    ['utf-16be', false, utf16(text, [], true)],
    ['utf-8', true, Buffer.from(`\ufeff${text}`)],
  ])('reads %s (byte order mark: %s)', (encoding, bom, bytes) => {
    const decoded = decodeInf(bytes);
    expect(decoded).toMatchObject({ encoding, bom });
    expect(decoded.text).toBe(encoding === 'ascii' ? '[Version]\n' : text);
  });

  it('counts each kind of line end', () => {
    expect(decodeInf(Buffer.from('a\r\nb\nc\n\rd\re\r\n')).lineEnds).toEqual({ crlf: 2, lf: 2, cr: 2 });
  });

  it.each([
    [
      'half a UTF-16 character',
      utf16('[a]', [0xff, 0xfe]).subarray(0, 7),
      'the bytes are not valid utf-16le',
    ],
    ['UTF-8 that is none', Buffer.from([0xef, 0xbb, 0xbf, 0x5b, 0xff]), 'the bytes are not valid utf-8'],
    ['over 8 MiB', new Uint8Array(8 * 1024 * 1024 + 1), 'the INF has 8388609 bytes; the limit is 8388608'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeInf(bytes)).toThrow(new FormatError(message));
  });

  it('names the line of a NUL', () => {
    let error: unknown;
    try {
      decodeInf(Buffer.from('[a]\r\nb\r\nc\0d'));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toMatchObject({ message: 'NUL character: not a text file', line: 3 });
  });
});

it('ends at Ctrl-Z, whatever follows', () => {
  const before = '[Version]\r\nSignature = "$Windows NT$"\r\n';
  expect(decodeInf(Buffer.from(`${before}\u001a\0\0[Strings]\r\n`, 'latin1')).text).toBe(before);
  expect(decodeInf(Buffer.from(`\ufeff${before}\u001a[`, 'utf16le'))).toMatchObject({
    text: before,
    lineEnds: { crlf: 2, lf: 0, cr: 0 },
  });
});
