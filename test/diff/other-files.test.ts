import { expect, test } from 'vitest';
import { compareSides } from '../../pipeline/diff/compare.ts';
import type { Side, SideFile } from '../../pipeline/diff/side.ts';
import { digest, driver, side } from '../builders/sides.ts';

const upgraded = driver({
  driverVer: '02/02/2026,1.2.10.0',
  files: (driver().files ?? []).map((file) => ({ ...file, sha256: digest(`${file.path}2`) })),
});

/** Returns a driver's files once more in other folders. */
function copies(folders: readonly string[], found = driver()): SideFile[] {
  return folders.flatMap((folder) =>
    (found.files ?? []).map((file) => ({ ...file, path: file.path.replace('viostor/w11/amd64', folder) })),
  );
}

const other = (path: string, text = path) => ({ path, sha256: digest(text), size: 1 });

/** Returns a disc with a driver, and with its files once more in these folders. */
function disc(folders: readonly string[], found = driver(), more: readonly SideFile[] = []): Side {
  return side([found], { files: [...(found.files ?? []), ...copies(folders, found), ...more] });
}

/** Returns what changed, as `-path`, `+path` and `~path`, and what else says so. */
function changes(old: Side, now: Side) {
  const { files, identical, lost, setupFolders } = compareSides(old, now);
  const signs = files.map(({ path, from, to }) => `${from ? (to ? '~' : '-') : '+'}${path}`);
  return { files: signs, identical, lost, folders: setupFolders };
}

const setup = ['amd64/w11', '$WinPEDriver$/amd64/viostor'];
const folderOf = (folder: string) => ({ driver: 'viostor', folder });
const none = { gained: [], lost: [] };

test('a copy for Windows Setup that is gone is lost, though its content remains', () => {
  expect(changes(disc(setup), disc([]))).toEqual({
    files: [
      ...['cat', 'inf', 'sys'].map((ending) => `-$WinPEDriver$/amd64/viostor/viostor.${ending}`),
      ...['cat', 'inf', 'sys'].map((ending) => `-amd64/w11/viostor.${ending}`),
    ],
    identical: false,
    lost: true,
    folders: {
      lost: [folderOf('$WinPEDriver$/amd64/viostor'), folderOf('amd64/w11')],
      gained: [],
    },
  });
  expect(changes(disc([]), disc(setup)).lost).toBe(false);
});

test('a copy that is renamed, or damaged, is lost', () => {
  const renamed = changes(disc(['amd64/w11']), disc(['amd64/windows11']));
  expect(renamed.folders.lost).toEqual([folderOf('amd64/w11')]);
  expect(renamed.files).toHaveLength(6);
  const whole = disc(['amd64/w11']);
  const damaged = whole.files.map((file) =>
    file.path === 'amd64/w11/viostor.sys' ? { ...file, sha256: digest(''), size: 0 } : file,
  );
  expect(changes(whole, { ...whole, files: damaged })).toEqual({
    files: ['~amd64/w11/viostor.sys'],
    identical: false,
    lost: true,
    folders: { lost: [folderOf('amd64/w11')], gained: [] },
  });
});

test('a copy that changes with its package is no other file; one of the version before is none that is lost', () => {
  const followed = changes(disc(setup), disc(setup, upgraded));
  expect(followed).toEqual({ files: [], identical: false, lost: false, folders: none });
  const stale = disc([], upgraded, copies(['amd64/w11']));
  expect(changes(disc(['amd64/w11']), stale)).toMatchObject({ files: [], lost: false, folders: none });
});

test("a driver's own folder is lost where only its copy remains", () => {
  const only = driver({ inf: 'amd64/w11/viostor.inf' });
  expect(changes(disc(['amd64/w11']), side([only]))).toEqual({
    files: ['cat', 'inf', 'sys'].map((ending) => `-viostor/w11/amd64/viostor.${ending}`),
    identical: false,
    lost: true,
    folders: { lost: [folderOf('viostor/w11/amd64')], gained: [] },
  });
});

test('a package that is elsewhere has moved, and drivers without a disc have no folders for Setup', () => {
  const built = driver({ inf: 'Win11/amd64/viostor.inf' });
  const moved = changes(disc([]), side([built]));
  expect(moved).toEqual({ files: [], identical: true, lost: false, folders: none });
  const drivers: Side = { ...disc([]), kind: 'package' };
  expect(changes(disc(setup), drivers)).toMatchObject({ lost: false, folders: none, identical: false });
  const unpacked = { ...disc([], driver(), [other('data/info.json')]), kind: 'folder' as const };
  expect(changes(disc(setup), unpacked)).toMatchObject({ lost: true });
});

test('a record, which says no more than the paths, has the same folders', () => {
  const { files, install, missing, ...recorded } = driver();
  const symbols = [other('viostor/w11/amd64/viostor.pdb')];
  const record = (folders: readonly string[]): Side => ({
    ...disc(folders, driver(), symbols),
    kind: 'record',
    packages: [recorded],
  });
  expect(changes(record(setup), disc(setup, driver(), symbols))).toMatchObject({
    identical: true,
    lost: false,
  });
  expect(changes(record(setup), record(['amd64/w11'])).folders.lost).toEqual([
    folderOf('$WinPEDriver$/amd64/viostor'),
  ]);
});

test('of other files, one that moved is no difference, and one of two is', () => {
  const texts = (...paths: string[]) =>
    disc(
      [],
      driver(),
      paths.map((path) => other(path, 'text')),
    );
  expect(changes(texts('README.txt'), texts('docs/README.txt')).identical).toBe(true);
  const { files, identical } = changes(texts('README.txt', 'docs/README.txt'), texts('README.txt'));
  expect({ files, identical }).toEqual({ files: ['-docs/README.txt'], identical: false });
  expect(changes(texts('a', 'b'), texts('c')).files).toEqual(['-b']);
});
