import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { plainReporter } from '../pipeline/cli/report/plain.ts';
import { readManifest } from '../pipeline/manifest/read.ts';
import { buildRelease, checkRelease, stageNames } from '../pipeline/pipeline.ts';
import { withCatalog } from './builders/catalog.ts';
import { lacksTool } from './builders/needs.ts';
import { makeRelease } from './builders/release.ts';
import { driverFolder } from './builders/tree.ts';

test('the stages are in the order in which they run', () => {
  expect(stageNames).toEqual(['collect', 'sign', 'validate', 'assemble', 'package', 'attest']);
});

test('a check collects and judges, and writes nothing', async () => {
  const { manifest, context } = await makeRelease({
    files: withCatalog(driverFolder('Win10/x86')),
    drivers: { viostor: { extras: [{ file: 'tool.exe', what: 'x' }] } },
  });
  const lines: string[] = [];
  const { packages, findings } = await checkRelease(manifest, {
    ...context,
    reporter: plainReporter((line) => lines.push(line)),
  });
  expect(packages).toHaveLength(1);
  expect(findings.map(({ severity }) => severity)).toEqual(['warning']);
  expect(withoutTimes(lines)).toEqual([
    'collect ...',
    'collect: 3 files, 1 driver package',
    'validate ...',
    'validate: 1 warning, 0 infos, 0 accepted findings',
  ]);
  expect(await readdir(context.outputDir)).toEqual([]);
});

test.skipIf(lacksTool('xorriso', 'zstd'))(
  'a build of the sample runs every stage but that of signatures and writes what it says',
  async () => {
    const { context } = await makeRelease();
    const manifest = await readManifest('drivers-manifest/releases/sample.yaml');
    const lines: string[] = [];
    const reporter = plainReporter((line) => lines.push(line));
    const { files, record } = await buildRelease(manifest, { compression: 'zstd' }, { ...context, reporter });
    expect((await readdir(context.outputDir)).sort()).toEqual([...files].sort());
    expect(withoutTimes(lines).map((line) => line.split(' ')[0])).toEqual(
      stageNames.filter((name) => name !== 'sign').flatMap((name) => [name, `${name}:`]),
    );
    expect(record.artifacts.map(({ format }) => format)).toEqual(['deb', 'deb', 'deb']);
  },
);

function withoutTimes(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ \(\d+\.\d s\)$/, ''));
}
