import { expect, test } from 'vitest';
import { decodeEscapes } from '../../pipeline/core/escapes.ts';

test.each([
  ['plain', 'plain'],
  ['a\\\\b', 'a\\b'],
  ['\\303\\244 \\303\\266.txt', 'ä ö.txt'],
  ['\\a\\b\\e\\f\\n\\r\\t\\v\\"', '\u0007\b\u001b\f\n\r\t\v"'],
  ['\\001\\1772', '\u0001\u007f2'],
  ['ä\\303\\244', 'ää'],
  ['\\377', '\uFFFD'],
  ['', ''],
])('decodes %j', (text, decoded) => {
  expect(decodeEscapes(text)).toBe(decoded);
});

test.each(['\\x', 'a\\', '\\8', '\\400', '\\12'])('knows no escape like %j', (text) => {
  expect(decodeEscapes(text)).toBeUndefined();
});
