import { expect, test } from 'vitest';
import { someOf } from '../../pipeline/core/text.ts';

test('a message names each of at most five, and says how many more there are', () => {
  expect(someOf(['a', 'b', 'a'])).toBe('a, b');
  expect(someOf(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c, d, e');
  expect(someOf(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('a, b, c, d, e and 2 more');
});
