import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cached } from '../../pipeline/system/cache.ts';
import { exists } from '../../pipeline/system/files.ts';

test('an entry is made once', async () => {
  const folder = await cacheFolder();
  const path = join(folder, 'deep/entry');
  expect(await open(path, 'one')).toBe(path);
  expect(await open(path, 'two')).toBe(path);
  expect(await readFile(path, 'utf8')).toBe('one');
});

test('nothing stays when making it fails', async () => {
  const folder = await cacheFolder();
  const failing = cached({
    path: join(folder, 'entry'),
    kind: 'file',
    isWhole: async () => true,
    fill: async (temporary) => {
      await writeFile(temporary, 'half');
      throw new Error('cut off');
    },
    onDamage: () => {},
  });
  await expect(failing).rejects.toThrow('cut off');
  expect(await readdir(folder)).toEqual([]);
});

test('the damaged copy stays until a whole one takes its place', async () => {
  const folder = await cacheFolder();
  const path = join(folder, 'entry');
  await writeFile(path, 'damaged');
  let told = 0;
  const entry = { path, kind: 'file' as const, isWhole: async () => false, onDamage: () => (told += 1) };
  await expect(
    cached({
      ...entry,
      fill: async () => {
        throw new Error('offline');
      },
    }),
  ).rejects.toThrow('offline');
  expect(await readFile(path, 'utf8')).toBe('damaged');
  await cached({ ...entry, fill: (temporary) => writeFile(temporary, 'whole') });
  expect(await readFile(path, 'utf8')).toBe('whole');
  expect(told).toBe(2);
});

test('a folder that another build has put there meanwhile is kept', async () => {
  const folder = await cacheFolder();
  const path = join(folder, 'entry');
  await cached({
    path,
    kind: 'folder',
    isWhole: (candidate) => exists(join(candidate, 'theirs')),
    fill: async (temporary) => {
      await mkdir(temporary);
      await mkdir(path);
      await writeFile(join(path, 'theirs'), '');
    },
    onDamage: () => {},
  });
  expect(await readdir(path)).toEqual(['theirs']);
  expect(await readdir(folder)).toEqual(['entry']);
});

async function cacheFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-cache-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

function open(path: string, content: string): Promise<string> {
  const fill = (temporary: string) => writeFile(temporary, content);
  return cached({ path, kind: 'file', isWhole: async () => true, fill, onDamage: () => {} });
}
