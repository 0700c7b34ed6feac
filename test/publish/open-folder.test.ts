import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { withFolder, withName } from '../../pipeline/publish/open-folder.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';

const lost = vi.hoisted(() => ({ name: '' }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    // Somebody removes the folder at once.
    mkdir: async (path: string, options?: object) => {
      const made = await real.mkdir(path, options);
      if (lost.name !== '' && path.endsWith(lost.name)) await real.rmdir(path);
      return made;
    },
  };
});

test('a folder that vanishes while it is made is an error, not skipped', async () => {
  const root = await temporaryFolder('pvdisc-folder-');
  lost.name = 'gone';
  const work = vi.fn(async () => {});
  expect(await problemsOf(withFolder(root, 'a/gone', { make: true }, work), root)).toEqual([
    './a/gone: was removed while this run was writing to it\n  hint: find out what else changes the repository, and publish again',
  ]);
  expect(work).not.toHaveBeenCalled();
  expect(await withFolder(root, 'a/gone', { make: false }, work)).toBeUndefined();
});

test('an error of the system names the path as a person knows it', async () => {
  const root = await temporaryFolder('pvdisc-folder-');
  await mkdir(join(root, 'dists/stable'), { recursive: true });
  const failing = withFolder(root, 'dists', { make: true }, (outer) =>
    withFolder(outer, 'stable', { make: true }, (path) => readFile(join(path, 'none'))),
  );
  const path = join(root, 'dists/stable/none');
  await expect(failing).rejects.toMatchObject({
    path,
    message: `ENOENT: no such file or directory, open '${path}'`,
  });
  const missing = withFolder(join(root, 'none'), 'dists', { make: false }, async () => {});
  await expect(missing).rejects.toMatchObject({ path: join(root, 'none') });
});

test('a descriptor is not taken for one whose number begins with the same digits', async () => {
  const error = Object.assign(new Error("EXDEV: rename '/proc/self/fd/21/x' -> '/proc/self/fd/2/x'"), {
    code: 'EXDEV',
    syscall: 'rename',
    path: '/proc/self/fd/21/x',
    dest: '/proc/self/fd/2/x',
  });
  const renamed = withName('/proc/self/fd/2', '/apt/pool', () => Promise.reject(error));
  await expect(renamed).rejects.toMatchObject({
    path: '/apt/pool/x',
    message: "EXDEV: rename '/proc/self/fd/21/x' -> '/apt/pool/x'",
  });
});
