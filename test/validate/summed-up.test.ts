import { expect, test } from 'vitest';
import { onePerInf, summedUp } from '../../pipeline/validate/judge.ts';

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

test('violations of one INF become one with all places, in order of lines; other files keep theirs', () => {
  const [third, first, second] = [...found('a.inf', 3)].map((one, index) => ({
    ...one,
    line: [30, 10, 20][index] ?? 0,
  }));
  const others = [...found('b.inf', 1), ...found('c.sys', 2)];
  expect(onePerInf([third, first, second, ...others].flatMap((one) => one ?? []))).toEqual([
    {
      ...first,
      message: 'misses f1; and 2 more, in lines 20, 30',
      places: [
        { line: 10, message: 'misses f1' },
        { line: 20, message: 'misses f2' },
        { line: 30, message: 'misses f0' },
      ],
    },
    ...others,
  ]);
  const ofOneLine = found('a.inf', 3).map((one) => ({ ...one, line: 4 }));
  expect(onePerInf(ofOneLine)[0]?.message).toBe('misses f0; and 2 more, in line 4');
  expect(onePerInf(found('a.inf', 20_000))[0]?.places).toHaveLength(100);
});

test('violations of one INF with different hints stay apart', () => {
  const apart = [...found('a.inf', 2)].map((one, index) => ({ ...one, hint: `do ${index}` }));
  expect(onePerInf(apart)).toEqual(apart);
});
