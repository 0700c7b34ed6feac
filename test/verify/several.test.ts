import { appendFile, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verificationsSchema } from '../../pipeline/verify/verification-schema.ts';
import { builtSample } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';
import { temporaryFolder } from '../builders/release.ts';

/** Runs `pvdisc verify --format json` on several inputs. */
async function verifiedAll(...inputs: readonly string[]) {
  const { exitCode, stdout, stderr } = await pvdisc(['verify', ...inputs, '--format', 'json']);
  const { good, results, errors } = verificationsSchema.parse(JSON.parse(stdout));
  return {
    exitCode,
    stderr,
    good,
    results: results.map(({ input, good: isGood }) => [input, isGood]),
    errors: errors.map(({ place }) => place),
  };
}

test('several inputs are judged in their order, also after one that is bad or cannot be read', {
  timeout: 90_000,
}, async () => {
  const { iso } = await builtSample();
  const folder = await temporaryFolder('pvdisc-verify-');
  const [cut, none] = [join(folder, 'changed.iso'), join(folder, 'none')];
  await copyFile(iso, cut);
  await appendFile(cut, 'more');
  await mkdir(none);

  expect(await verifiedAll(cut, iso)).toEqual({
    exitCode: 1,
    stderr: '',
    good: false,
    results: [
      [cut, false],
      [iso, true],
    ],
    errors: [],
  });
  expect(await verifiedAll(none, iso)).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(new RegExp(`^${none}: .*\n {2}hint: `)),
    good: false,
    results: [[iso, true]],
    errors: [none],
  });
  const { exitCode, stdout } = await pvdisc(['verify', iso, iso]);
  expect(exitCode).toBe(0);
  const ends = stdout.split('\n').filter((line) => line.startsWith(`${iso}: no problems found`));
  expect(ends).toHaveLength(2);
});
