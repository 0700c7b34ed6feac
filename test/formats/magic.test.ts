import { expect, test } from 'vitest';
import { unexpectedKind } from '../../pipeline/formats/magic.ts';

function program(header: string): Buffer {
  const bytes = Buffer.alloc(128, 1);
  bytes.write('MZ');
  bytes.writeUInt32LE(64, 60);
  bytes.write(header, 64, 'latin1');
  return bytes;
}

test.each<[string, Buffer, string | undefined]>([
  ['a pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00\n'), 'git lfs pull'],
  ['a web page', Buffer.from('<!DOCTYPE html><title>404</title>'), 'a web page ("404")'],
  ['Base64', Buffer.from('MIIFxQYJKoZIhvcNAQcCoIIF\r\n'), 'a text file'],
  ['nothing', Buffer.alloc(0), 'an empty file'],
  ['an archive', Buffer.from('PK\x03\x04'), 'a zip archive'],
  ['a 16-bit program', program('NE'), 'a program for DOS or 16-bit Windows'],
  ['a PE file', program('PE\0\0'), undefined],
  ['the start of DER', Buffer.from([0x30, 0x82, 1, 2]), undefined],
])('unexpectedKind of %s', (_what, bytes, expected) => {
  const kind = unexpectedKind(bytes);
  if (expected === undefined) expect(kind).toBeUndefined();
  else expect(kind).toContain(expected);
});
