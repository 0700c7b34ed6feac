import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { withFolder, withName } from '../../pipeline/publish/open-folder.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';

const { mkdir, readFile } = fs;

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

test('a folder that vanishes while it is made is an error, not skipped', async () => {
  const root = await temporaryFolder('pvdisc-folder-');
  vi.spyOn(fs, 'mkdir').mockImplementation(async (path, options) => {
    const made = await mkdir(path, options);
    if (String(path).endsWith('gone')) await fs.rmdir(path); // somebody removes the folder at once
    return made;
  });
  syncBuiltinESMExports();
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
