import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exists } from '../../pipeline/system/files.ts';
import { takeLock } from '../../pipeline/system/lock.ts';
import { temporaryFolder } from '../builders/release.ts';

test('who waits gets the lock, also when its folder is removed with the lock before', async () => {
  const folder = join(await temporaryFolder('pvdisc-lock-'), 'new');
  const path = join(folder, '.work');
  const { signal } = new AbortController();
  await mkdir(folder);
  const first = await takeLock(path, { signal, onWait: () => {} });
  const second = await new Promise<ReturnType<typeof takeLock>[]>((resolve) => {
    const waiting = takeLock(path, { signal, onWait: () => resolve([waiting]) });
  });
  await first.release();
  await rmdir(folder);
  const lock = await second[0];
  expect(await exists(folder)).toBe(true);
  await lock?.release();
});
