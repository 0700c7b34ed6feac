import { expect, test } from 'vitest';
import { limits, startBudget } from '../../pipeline/sources/limits.ts';
import { place } from '../builders/source-setting.ts';

const subject = { place, name: 'a.zip' };

test('takes as many entries as the limit, and not one more', () => {
  const budget = startBudget(subject);
  for (let count = 0; count < limits.entries; count += 1) budget.countEntry();
  expect(() => budget.countEntry()).toThrow(`${place}: a.zip: holds more than 100000 files and folders`);
});

test('takes as many bytes as the limit, and not one more', () => {
  const budget = startBudget(subject);
  budget.countBytes(limits.unpackedBytes);
  expect(() => budget.countBytes(1)).toThrow('a.zip: unpacks to more than 17179869184 bytes');
});

test('looks at the ratio only after the first 64 MiB', () => {
  const small = startBudget(subject, 10);
  small.countBytes(limits.ratioFromBytes);
  expect(() => small.countBytes(1)).toThrow('a.zip: unpacks to more than 1000 times its 10 bytes');
  const honest = startBudget(subject, 2 ** 20);
  honest.countBytes(1000 * 2 ** 20);
  expect(() => honest.countBytes(1)).toThrow('more than 1000 times its 1048576 bytes');
});
