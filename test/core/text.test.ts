import { expect, test } from 'vitest';
import { alignColumns, plural, printable, wrapWords } from '../../pipeline/core/text.ts';

test('columns are as wide as their widest cell; rows may be of different length', () => {
  expect(
    alignColumns([
      ['a', 'bb', 'c'],
      ['aaa', ''],
      ['', '', 'x'],
    ]),
  ).toEqual(['a    bb  c', 'aaa', '         x']);
});

test('words are broken into lines, and a word that is too long has its own', () => {
  expect(wrapWords(['aa', 'bb', 'cccccc', 'd'], 5)).toEqual(['aa bb', 'cccccc', 'd']);
  expect(wrapWords([], 5)).toEqual([]);
});

test('nothing that moves the cursor or breaks a line is printed', () => {
  expect(printable('a\u001b[2J\r\n\u202e\u2028é')).toBe('a?[2J????é');
});

test('a count has the plural of its noun unless it is one', () => {
  expect([0, 1, 2].map((count) => plural(count, 'warning'))).toEqual([
    '0 warnings',
    '1 warning',
    '2 warnings',
  ]);
  expect([1, 2].map((count) => plural(count, 'entry', 'entries'))).toEqual(['1 entry', '2 entries']);
});
