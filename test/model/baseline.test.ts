import { expect, test } from 'vitest';
import { baselineOf, baselineSchema, compareWithBaseline } from '../../pipeline/model/baseline.ts';
import type { WrittenFinding } from '../../pipeline/model/finding.ts';

const finding = (message: string, more: Partial<WrittenFinding> = {}): WrittenFinding => ({
  rule: 'inf/missing-file',
  severity: 'warning',
  path: 'viostor/w11/amd64/viostor.inf',
  message,
  ...more,
});

const newOf = (known: readonly WrittenFinding[], found: readonly WrittenFinding[]) => {
  const { isNew, gone } = compareWithBaseline(baselineOf('disc', known), found);
  return { isNew: found.map(isNew), gone };
};

test('is sorted, counts, and has no infos and no accepted findings', () => {
  const baseline = baselineOf('disc', [
    finding('b'),
    finding('a', { rule: 'pe/z' }),
    finding('b', { line: 3 }),
    finding('i', { severity: 'info' }),
    finding('x', { severity: 'error', accepted: 'r' }),
    finding('a', { severity: 'error' }),
  ]);
  expect(baseline.findings.map(({ rule, message, count }) => [rule, message, count])).toEqual([
    ['inf/missing-file', 'a', 1],
    ['inf/missing-file', 'b', 2],
    ['pe/z', 'a', 1],
  ]);
  expect(baselineSchema.parse(baseline)).toEqual(baseline);
});

test.each([
  ['a line', finding('m', { line: 3 }), finding('m', { line: 90 })],
  [
    'a line in the message',
    finding('[A] repeats the section of line 5'),
    finding('[A] repeats the section of line 6'),
  ],
  ['versions', finding('version is 1.2.3.4, not 100.5.6.7'), finding('version is 1.2.3.5, not 100.5.6.8')],
  ['dates', finding('is dated 2024-05-06 (05/06/2024)'), finding('is dated 2025-01-02 (01/02/2025)')],
  ['a digest', finding('has sha256 634e552cbc85'), finding('has sha256 85dc11a6de76')],
  ['a severity', finding('m'), finding('m', { severity: 'error' })],
])('a finding stays known when %s changes', (_what, known, found) => {
  expect(newOf([known], [found])).toEqual({ isNew: [false], gone: [] });
});

test.each([
  ['another rule', finding('m', { rule: 'inf/other' })],
  ['another file', finding('m', { path: 'viostor/w10/amd64/viostor.inf' })],
  ['another name', finding('names "vio2.sys"')],
])('%s is new, and the old entry is gone', (_what, found) => {
  const known = finding('names "vio1.sys"');
  expect(newOf([known], [found])).toMatchObject({
    isNew: [true],
    gone: [{ message: known.message, count: 1 }],
  });
});

test('an entry covers as many findings as it counts; infos and accepted ones are not compared', () => {
  const info = finding('m', { severity: 'info' });
  const accepted = finding('m', { accepted: 'r' });
  const found = [finding('m'), info, accepted, finding('m'), finding('m')];
  expect(newOf([finding('m'), finding('m')], found).isNew).toEqual([
    false,
    undefined,
    undefined,
    false,
    true,
  ]);
  expect(newOf([finding('m'), finding('m')], [finding('m')]).gone).toMatchObject([{ count: 1 }]);
});

test('each place of a grouped finding is an entry, however many there are', () => {
  const grouped = (...names: readonly string[]) =>
    finding(`${names[0]}; and ${names.length - 1} more, in lines 4, 5`, {
      places: names.map((message, line) => ({ line, message })),
    });
  expect(newOf([grouped('a', 'b', 'c')], [grouped('b', 'a')])).toMatchObject({
    isNew: [false],
    gone: [{ message: 'c' }],
  });
  expect(newOf([grouped('a', 'b')], [grouped('a', 'd')])).toMatchObject({
    isNew: [true],
    gone: [{ message: 'b' }],
  });
  expect(newOf([grouped('a', 'b')], [finding('a')])).toMatchObject({
    isNew: [false],
    gone: [{ message: 'b' }],
  });
});
