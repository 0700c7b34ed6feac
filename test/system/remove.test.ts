import fs, { renameSync, symlinkSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { takeLock } from '../../pipeline/system/lock.ts';
import { removeTree } from '../../pipeline/system/remove.ts';
import { makeTemporary, removeAllTemporary, removeTemporary } from '../../pipeline/system/temporary.ts';
import { temporaryFolder } from '../builders/release.ts';

/** What the attacker does right before and right after a folder is opened. */
const attack: { beforeOpen?: (path: string) => void; afterOpen?: (path: string) => void } = {};

const { openSync } = fs;
vi.spyOn(fs, 'openSync').mockImplementation((path, ...rest) => {
  attack.beforeOpen?.(String(path));
  const handle = openSync(path, ...rest);
  attack.afterOpen?.(String(path));
  return handle;
});
syncBuiltinESMExports();
afterEach(() => {
  delete attack.beforeOpen;
  delete attack.afterOpen;
});
afterAll(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

test('a tree goes with its files, links, odd names and empty folders, and what links lead to stays', async () => {
  const folder = await temporaryFolder('pvdisc-remove-');
  await mkdir(join(folder, 'victim'));
  await writeFile(join(folder, 'victim/x'), 'x');
  await mkdir(join(folder, 'tree/a/b'), { recursive: true });
  await writeFile(join(folder, 'tree/a/f'), 'f', { mode: 0o400 });
  await writeFile(Buffer.concat([Buffer.from(`${folder}/tree/a/`), Buffer.from([0xff, 0x0a])]), '');
  await symlink(join(folder, 'victim'), join(folder, 'tree/a/out'));
  await symlink('nowhere', join(folder, 'tree/dangling'));
  removeTree(join(folder, 'tree'));
  removeTree(join(folder, 'tree'));
  expect(await readdir(folder)).toEqual(['victim']);
  await symlink('victim', join(folder, 'link'));
  removeTree(join(folder, 'link'));
  expect(await readdir(folder, { recursive: true })).toEqual(['victim', 'victim/x']);
});

test.each(['beforeOpen', 'afterOpen'] as const)(
  'a folder that is swapped for a link (%s) leads to nothing of others',
  async (moment) => {
    const folder = await temporaryFolder('pvdisc-remove-');
    for (const path of ['victim', 'tree/sub']) await mkdir(join(folder, path), { recursive: true });
    for (const path of ['victim/x', 'tree/sub/x']) await writeFile(join(folder, path), path);
    let isSwapped = false;
    attack[moment] = (path) => {
      if (isSwapped || !path.endsWith('/sub')) return;
      isSwapped = true;
      renameSync(join(folder, 'tree/sub'), join(folder, 'moved'));
      symlinkSync(join(folder, 'victim'), join(folder, 'tree/sub'));
    };
    try {
      removeTree(join(folder, 'tree'));
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOTDIR' });
    }
    expect(isSwapped).toBe(true);
    expect(await readFile(join(folder, 'victim/x'), 'utf8')).toBe('victim/x');
  },
);

test('a folder that somebody moved to the place of a temporary one stays, at its end and at that of the program', async () => {
  const folder = await temporaryFolder('pvdisc-remove-');
  const made = await Promise.all([1, 2].map(() => makeTemporary(join(folder, 'work-'))));
  for (const path of made) {
    await rename(path, `${path}.moved`);
    await mkdir(path);
    await writeFile(join(path, 'others'), 'x');
  }
  const [first = '', second = ''] = made;
  await removeTemporary(first);
  removeAllTemporary();
  for (const path of [first, second]) expect(await readdir(path)).toEqual(['others']);
});

test('the end of the program removes a lock, and nothing that stands in its place', async () => {
  const folder = await temporaryFolder('pvdisc-remove-');
  const options = { onWait: () => {}, signal: new AbortController().signal };
  for (const name of ['kept', 'full', 'link']) await takeLock(join(folder, name), options);
  await writeFile(join(folder, 'full.lock/x'), 'x');
  await mkdir(join(folder, 'victim'));
  await rename(join(folder, 'link.lock'), join(folder, 'link.was'));
  await symlink('victim', join(folder, 'link.lock'));
  removeAllTemporary();
  expect((await readdir(folder)).sort()).toEqual(['full.lock', 'link.lock', 'link.was', 'victim']);
});
