import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  cacheDir,
  checkEpoch,
  parseOverrides,
  sourceDateEpoch,
  withProfile,
} from '../../pipeline/cli/run-context.ts';
import { PipelineError } from '../../pipeline/core/errors.ts';
import type { Manifest } from '../../pipeline/manifest/manifest.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { makeRelease } from '../builders/release.ts';

let manifest: Manifest;
beforeEach(async () => {
  ({ manifest } = await makeRelease({ sources: { old: {}, 'new-1': {} } }));
});

describe('--use', () => {
  test('gives sources by id; a path may hold an equals sign and starts from the working directory', () => {
    const overrides = parseOverrides(manifest, ['old=a=b/c', 'new-1=/srv/x']);
    expect([...overrides]).toEqual([
      ['old', resolve('a=b/c')],
      ['new-1', '/srv/x'],
    ]);
    expect(parseOverrides(manifest, []).size).toBe(0);
  });

  test.each([
    ['old', 'does not have the form ID=PATH', 'for example --use drivers=/srv/build-output'],
    ['old=', 'does not have the form ID=PATH', 'for example --use drivers=/srv/build-output'],
    ['=x', 'does not have the form ID=PATH', 'for example --use drivers=/srv/build-output'],
    ['Old=x', 'the release has no source "Old"', 'its sources: old, new-1'],
    ['constructor=x', 'the release has no source "constructor"', 'its sources: old, new-1'],
  ])('%j is refused', (use, message, hint) => {
    expect(errorOf(() => parseOverrides(manifest, [use]))).toMatchObject({
      kind: 'usage',
      problems: [{ place: `--use ${use}`, message, hint }],
    });
  });

  test('the same source twice is refused', () => {
    expect(errorOf(() => parseOverrides(manifest, ['old=a', 'old=b']))).toMatchObject({
      kind: 'usage',
      problems: [
        { place: '--use old=b', message: 'source "old" is given twice', hint: 'use each source id once' },
      ],
    });
  });
});

describe('the date of a build', () => {
  test.each([
    ['0', 0],
    ['1767323045', 1767323045],
    ['2147483647', 2147483647],
  ])('SOURCE_DATE_EPOCH=%s is taken', async (given, epoch) => {
    expect(await sourceDateEpoch(manifest, { SOURCE_DATE_EPOCH: given })).toBe(epoch);
  });

  test.each(['', ' 1', '1.5', '-1', '1e3', '0x10', 'today', '2147483648', '99999999999999999999'])(
    'SOURCE_DATE_EPOCH=%j is refused',
    async (given) => {
      await expect(sourceDateEpoch(manifest, { SOURCE_DATE_EPOCH: given })).rejects.toMatchObject({
        kind: 'usage',
        problems: [
          {
            place: 'SOURCE_DATE_EPOCH',
            message: `"${given}" is not a number of seconds between 1970 and 2038`,
            hint: 'set it to $(date +%s), for example, or unset it: pvdisc then uses the date of the newest changelog entry',
          },
        ],
      });
    },
  );

  test("without it, the date is that of the package's newest changelog entry", async () => {
    const sample = await readManifest('drivers-manifest/releases/sample.yaml');
    const epoch = await sourceDateEpoch(sample, {});
    expect(new Date(epoch * 1000).toISOString()).toMatch(/^20\d\d-\d\d-\d\dT/);
    expect(await sourceDateEpoch(sample, { SOURCE_DATE_EPOCH: undefined })).toBe(epoch);
  });
});

describe('the date that a check judges by', () => {
  test('is that of a build', async () => {
    const sample = await readManifest('drivers-manifest/releases/sample.yaml');
    expect(await checkEpoch(sample, {})).toBe(await sourceDateEpoch(sample, {}));
    expect(await checkEpoch(manifest, { SOURCE_DATE_EPOCH: '0' })).toBe(0);
  });

  test('is unknown where neither SOURCE_DATE_EPOCH nor an entry of this release in a changelog gives it', async () => {
    expect(await checkEpoch(manifest, {})).toBeUndefined();
    const undated = { ...manifest, metadataDir: '/nonexistent' };
    expect(await checkEpoch(undated, {})).toBeUndefined();
    await expect(sourceDateEpoch(undated, {})).rejects.toThrow('changelog: no such file');
  });
});

test('the cache lies where PVDISC_CACHE says, else in the folder of the user', () => {
  expect(cacheDir({ PVDISC_CACHE: '/var/cache/x' })).toBe('/var/cache/x');
  expect(cacheDir({ PVDISC_CACHE: 'here' })).toBe(join(process.cwd(), 'here'));
  expect(cacheDir({ PVDISC_CACHE: '' })).toBe(cacheDir({}));
  expect(cacheDir({})).toMatch(/^\/.*\/pvdisc$/);
});

test('the profile of the command line goes before that of the release', () => {
  expect(withProfile(manifest, undefined)).toBe(manifest);
  expect(withProfile(manifest, 'slim').release).toEqual({ ...manifest.release, profile: 'slim' });
});

function errorOf(run: () => unknown): PipelineError {
  try {
    run();
  } catch (error) {
    if (error instanceof PipelineError) return error;
  }
  throw new Error('expected a PipelineError');
}
