import { copyFile, cp, mkdir, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PipelineError } from '../../pipeline/core/errors.ts';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { openStore } from '../../pipeline/reproduce/store.ts';
import { storedOrBuilt } from '../../pipeline/reproduce/stored-release.ts';
import { builtSample } from '../builders/built-release.ts';
import { temporaryFolder } from '../builders/release.ts';

const { signal } = new AbortController();
const [key, otherKey] = ['ab'.repeat(32), 'cd'.repeat(32)];

/** Returns a store in a folder, and what takes the sample from there or builds it by copying it. */
async function sampleStore() {
  const sample = await builtSample();
  const { release } = await readManifest('sample');
  const work = await temporaryFolder('pvdisc-stored-');
  const store = await openStore(join(work, 'store'));
  const files = (await readdir(sample.folder)).sort();
  let runs = 0;
  const take = async (wanted = { key, release }, from = store) => {
    const outputDir = join(work, `${++runs}`);
    await mkdir(outputDir);
    const notes: string[] = [];
    const reporter = { ...silentReporter, note: (text: string) => notes.push(text) };
    const build = async () => {
      expect(await readdir(outputDir)).toEqual([]);
      await cp(sample.folder, outputDir, { recursive: true });
      notes.push('built');
      return { record: sample.record, files };
    };
    const stored = await storedOrBuilt(from, wanted, { outputDir, workDir: work, signal, reporter }, build);
    expect((await readdir(outputDir)).sort()).toEqual(files);
    expect(stored.built.record).toEqual(sample.record);
    return { notes, failure: stored.failure };
  };
  return { store, release, take };
}

test('a result is taken under its key only, and one that is damaged is built again and replaced', async () => {
  const { store, release, take } = await sampleStore();
  const file = store.place(key);
  const taken = [`taken from the store, not built: ${key}`];
  const again = (why: string) => [
    expect.stringMatching(`^built again, and replaced in the store: ${file}: ${why}`),
    'built',
  ];
  expect((await take()).notes).toEqual(['built']);
  expect((await take()).notes).toEqual(taken);
  for (const size of [0, 1000, 100_000]) {
    await truncate(file, size);
    expect((await take()).notes).toEqual(again('the file is truncated or damaged'));
  }
  await take({ key: otherKey, release });
  await copyFile(store.place(otherKey), file);
  expect((await take()).notes).toEqual(again('its entry "[cd]+[^"]*" is of another key'));
  expect((await take()).notes).toEqual(taken);
  const other = { ...release, version: '9.0' };
  expect((await take({ key, release: other })).notes).toEqual(
    again('holds pvdisc-sample 0\\.1\\.0 \\(.*; deb\\), expected pvdisc-sample 9\\.0 '),
  );
});

test('a release stays where the store cannot be written to', async () => {
  const { store, release, take } = await sampleStore();
  const failure = new PipelineError('network', { place: 'store', message: 'is read-only' });
  const readOnly = { ...store, put: () => Promise.reject(failure) };
  expect(await take({ key, release }, readOnly)).toEqual({ notes: ['built'], failure });
});
