import { expect, test } from 'vitest';
import { globMatcher } from '../../pipeline/core/paths.ts';
import { licensesSchema } from '../../pipeline/manifest/licenses-schema.ts';
import { maxNameLength } from '../../pipeline/model/disc-layout.ts';
import { cpuTimeOf } from '../builders/cpu-time.ts';

test('the worst licence globs that are accepted match a hundred long names within two seconds', () => {
  const file = `${'*a'.repeat(31)}*b`;
  const entry = { file, license: 'MIT', what: 'x' };
  const isAccepted = (files: readonly object[]) => licensesSchema.safeParse({ files }).success;
  expect(isAccepted(Array(20).fill(entry))).toBe(true);
  expect(isAccepted(Array(21).fill(entry))).toBe(false);
  expect(isAccepted([{ ...entry, file: `${file}b` }])).toBe(false);
  const matches = globMatcher(file);
  const name = 'a'.repeat(maxNameLength);
  const milliseconds = cpuTimeOf(() => {
    for (let count = 0; count < 20 * 100; count += 1) expect(matches(name)).toBe(false);
  });
  expect(milliseconds).toBeLessThan(2000);
});
