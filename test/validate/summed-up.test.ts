import { expect, test } from 'vitest';
import { summedUp } from '../../pipeline/validate/judge.ts';

const found = (path: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    path,
    line: index + 1,
    message: `misses f${index}`,
    hint: 'add it',
  }));

test('a hundred findings of a file are told, and the last of them how many more there are', () => {
  expect(summedUp(found('a.inf', 100))).toEqual(found('a.inf', 100));
  const many = summedUp([...found('a.inf', 20_000), ...found('b.inf', 2)]);
  expect(many).toEqual([
    ...found('a.inf', 99),
    {
      path: 'a.inf',
      line: 100,
      message: 'misses f99; and 19900 more findings of this kind in the file',
      hint: 'add it',
    },
    ...found('b.inf', 2),
  ]);
});

test('findings of many files are all told', () => {
  const many = Array.from({ length: 300 }, (_, index) => found(`${index}.inf`, 1)).flat();
  expect(summedUp(many)).toEqual(many);
});
