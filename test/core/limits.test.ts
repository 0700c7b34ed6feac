import { expect, test } from 'vitest';
import { defaultLimits, ratioFromBytes, startBudget } from '../../pipeline/core/limits.ts';
import { place } from '../builders/source-setting.ts';

const subject = { place, name: 'a.zip' };
const limits = { ...defaultLimits, files: 7, size: 2 ** 40, ratio: 1000 };

test('takes as many entries as the limit, and not one more', () => {
  const budget = startBudget(subject, limits);
  for (let count = 0; count < limits.files; count += 1) budget.countEntry();
  expect(() => budget.countEntry()).toThrow(`${place}: a.zip: holds more than 7 files and folders`);
});

test('takes as many bytes as the limit, and not one more', () => {
  const budget = startBudget(subject, limits);
  budget.countBytes(limits.size);
  expect(() => budget.countBytes(1)).toThrow('a.zip: unpacks to more than 1099511627776 bytes');
});

test('looks at the ratio only after the first 64 MiB', () => {
  const small = startBudget(subject, limits, 10);
  small.countBytes(ratioFromBytes);
  expect(() => small.countBytes(1)).toThrow('a.zip: unpacks to more than 1000 times its 10 bytes');
  const honest = startBudget(subject, limits, 2 ** 20);
  honest.countBytes(1000 * 2 ** 20);
  expect(() => honest.countBytes(1)).toThrow('more than 1000 times its 1048576 bytes');
});
