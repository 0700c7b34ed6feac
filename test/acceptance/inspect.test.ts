import { describe, expect, test } from 'vitest';
import { inspectionSchema } from '../../pipeline/inspect/inspection-schema.ts';
import { type BuiltRelease, builtLegacy, builtSample } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';
import { lacksTool } from '../builders/needs.ts';
import { realDrivers } from '../formats/reference.ts';

async function inspect(input: string) {
  const { exitCode, stdout, stderr } = await pvdisc(['inspect', input, '--format', 'json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return inspectionSchema.parse(JSON.parse(stdout));
}

async function requireAgreement({ record, iso, deb }: BuiltRelease): Promise<void> {
  const seen = await inspect(iso);
  expect(seen.problems).toEqual([]);
  expect(seen.packages.map(({ files, install, missing, ...facts }) => facts)).toEqual(record.drivers);
  expect(seen.files.map(({ path, sha256, size }) => ({ path, sha256, size }))).toEqual(
    record.iso.files.map(({ path, sha256, size }) => ({ path, sha256, size })),
  );
  expect(await inspect(deb)).toEqual(seen);
}

describe.skipIf(lacksTool('xorriso', 'zstd'))(
  'a built disc and its package show what the record says',
  () => {
    test('the sample', async () => {
      await requireAgreement(await builtSample());
    });

    test.skipIf(realDrivers === undefined)('the legacy release', async () => {
      await requireAgreement(await builtLegacy(realDrivers ?? ''));
    });
  },
);
