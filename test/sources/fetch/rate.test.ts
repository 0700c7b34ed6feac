import { expect, test } from 'vitest';
import { parseRetryAfter } from '../../../pipeline/sources/fetch/answer.ts';
import { startRate } from '../../../pipeline/sources/fetch/mirrors.ts';

test('the rate is that of the last ten seconds, and gives the time that is left', () => {
  let clock = 0;
  const rateOf = startRate(() => clock);
  const at = (seconds: number, bytes: number, total?: number) => {
    clock = seconds * 1000;
    return rateOf(bytes, total);
  };
  expect(at(0, 0, 1000)).toBeUndefined();
  expect(at(0.1, 50, 1000)).toBeUndefined();
  expect(at(1, 100, 1000)).toEqual({ bytesPerSecond: 100, secondsLeft: 9 });
  expect(at(2, 200)).toEqual({ bytesPerSecond: 100, secondsLeft: undefined });
  expect(at(11, 200, 1000)?.bytesPerSecond).toBe(10);
  expect(at(13, 200, 1000)).toEqual({ bytesPerSecond: 0, secondsLeft: undefined });
});

test.each([
  [undefined, undefined],
  ['120', 120_000],
  ['0', 0],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 60_000],
  ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
  ['soon', undefined],
  ['-5x', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['May 2027', undefined],
])('Retry-After %j asks for %j ms', (value, wait) => {
  expect(parseRetryAfter(value, Date.parse('2026-10-21T07:27:00Z'))).toBe(wait);
});
