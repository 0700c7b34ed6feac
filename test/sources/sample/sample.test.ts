import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunContext } from '../../../pipeline/core/context.ts';
import { silentReporter } from '../../../pipeline/core/reporter.ts';
import type { SourceRequest } from '../../../pipeline/sources/define.ts';
import { sampleFiles } from '../../../pipeline/sources/sample/drivers.ts';
import { sample } from '../../../pipeline/sources/sample/sample.ts';
import { listFiles } from '../../../pipeline/system/files.ts';

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'pvdisc-sample-'));
});
afterEach(() => rm(scratch, { recursive: true }));

test('open writes every file of the sample below scratch', async () => {
  const { files, digests } = await open({});
  expect(files).toEqual(sampleFiles().map(({ path }) => ({ path, file: join(scratch, path) })));
  expect(digests).toBeUndefined();
  for (const { path, bytes } of sampleFiles()) {
    expect((await readFile(join(scratch, path))).equals(bytes()), path).toBe(true);
  }
});

test('open lists skipped files without writing them', async () => {
  const { files } = await open({ skip: (path) => !path.endsWith('.inf') });
  expect(files.map(({ path }) => path)).toEqual(sampleFiles().map(({ path }) => path));
  const written = files.filter(({ file }) => file !== undefined).map(({ path }) => path);
  expect(written.length).toBe(17);
  expect((await listFiles(scratch)).map(({ path }) => path)).toEqual(written);
});

test('open refuses to be overridden', async () => {
  await expect(open({ override: '/tmp/other' })).rejects.toMatchObject({
    name: 'PipelineError',
    kind: 'usage',
    problems: [
      {
        place: '--use drivers=/tmp/other',
        message: 'source drivers is of type sample, which pvdisc makes itself and --use cannot replace',
        hint: 'leave out --use drivers, or give the release a source of type directory',
      },
    ],
  });
});

test('the manifest gives nothing but the type, and nothing needs to be pinned', () => {
  const spec = sample.schema.parse({ type: 'sample' });
  expect(sample.pin(spec)).toEqual({});
  expect(sample.tools).toEqual([]);
  expect(sample.schema.safeParse({ type: 'sample', path: 'x' }).success).toBe(false);
  expect(sample.schema.safeParse({ type: 'sample', family: 'hyperv' }).success).toBe(false);
});

function open(request: Partial<SourceRequest>) {
  const context: RunContext = {
    workDir: scratch,
    cacheDir: scratch,
    signal: new AbortController().signal,
    reporter: silentReporter,
    overrides: new Map(),
  };
  const base = {
    id: 'drivers',
    place: 'release.yaml: sources.drivers',
    baseDir: scratch,
    scratch,
    skip: () => false,
  };
  return sample.open({ type: 'sample' }, { ...base, ...request }, context);
}
