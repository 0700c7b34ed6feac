import { expect, test } from 'vitest';
import { newestOf, versionsText } from '../../pipeline/page/newest.ts';

test.each([
  [['2006-06-21 0.1.0.61', '2006-06-21 0.1.0.110', '2006-06-21 0.1.0.63'], '0.1.0.110'],
  [['2013-02-01 62.93.104.24000', '2013-02-01 63.93.104.24000'], '63.93.104.24000'],
  [['2020-01-02 1.0', '2020-01-01 9.0'], '1.0'],
  [['2020-01-01 1.0', '2020-01-01 1.0.0.1'], '1.0.0.1'],
  [['2020-01-01 1.0.0.1', '2020-01-01 1.0'], '1.0.0.1'],
  [['2020-01-01 x.y', '2020-01-01 0.1'], '0.1'],
  [[' ', '2020-01-01 0.1'], '0.1'],
])('of %j the newest is %s', (cells, version) => {
  const given = cells.map((cell) => {
    const [date = '', version = ''] = cell.split(' ');
    return { date, version };
  });
  expect(newestOf(given)?.version).toBe(version);
  expect(newestOf(given.toReversed())?.version).toBe(version);
});

test('other versions are counted once, and cells without a package not at all', () => {
  const date = '2020-01-01';
  const cells = [' ', '1.9', '1.10', '1.9'].map((version) => ({ date, version: version.trim() }));
  expect(versionsText(cells)).toBe('1.10 and 1 other');
  expect(versionsText(cells.slice(0, 1))).toBe('');
  expect(versionsText([])).toBe('');
});
