import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jsonText } from '../../../pipeline/cli/report/json-text.ts';

test('JSON shows no character that moves a cursor or turns a line around, and means the same', () => {
  const texts = [
    '\x85\x9b31m',
    '\u202e\u2066\u061c\u200f',
    '\u2028\u2029\ufeff',
    '\u{e0001}',
    '\x1b\n\t\x7f',
  ];
  const value = { 'key\u202e': [...texts, 'ü é 漢 😀 "\\'], n: 1, nested: { none: null } };
  const text = jsonText(value);
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toContain('\\u009b31m');
  expect(text).toContain('\\udb40\\udc01');
  expect(jsonText({ plain: ['ü é 漢 😀'] })).toBe(`${JSON.stringify({ plain: ['ü é 漢 😀'] }, null, 2)}\n`);
});

test('no command and no report prints JSON in another way', async () => {
  const exempt = ['report/json-text.ts', 'schemas.ts'];
  for (const name of await readdir('pipeline/cli', { recursive: true })) {
    if (!name.endsWith('.ts') || exempt.includes(name)) continue;
    expect(await readFile(join('pipeline/cli', name), 'utf8'), name).not.toContain('JSON.stringify');
  }
});
