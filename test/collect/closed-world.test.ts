import { expect, test } from 'vitest';
import { collect } from '../../pipeline/collect/collect.ts';
import { globMatcher } from '../../pipeline/core/paths.ts';
import { problemsOf } from '../builders/problems.ts';
import { collectRelease, makeRelease, type ReleaseOptions } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

const files = driverFolder('Win10/x86');
const unknown = 'belongs to no driver of the manifest and is not ignored';

test('every file that nothing claims is told, and where to say what it is', async () => {
  const more = { 'Win10/x86/new.exe': 'x', 'Win12/x86/viostor.inf': 'x', 'notes.txt': 'x' };
  expect(await problems({ files: { ...files, ...more } })).toEqual([
    'drivers: Win10/x86/new.exe: is beside viostor.inf, which does not name it',
    `drivers: Win12/x86/viostor.inf: ${unknown}`,
    `drivers: notes.txt: ${unknown}\n  hint: ship it (drivers-manifest/drivers/<Driver>.yaml: "inf" or "extras"; "folders" or "files" in ./release.yaml:1) or add it there under "ignored" with a reason`,
  ]);
});

test('each source is a closed world of its own', async () => {
  const release = { ignored: [{ pattern: 'notes.txt', source: 'old', reason: 'known' }] };
  const sources = { new: { 'notes.txt': 'x' }, old: { ...files, 'notes.txt': 'x' } };
  expect(await problems({ sources, release })).toEqual([
    expect.stringContaining(`new: notes.txt: ${unknown}`),
  ]);
});

test('debug symbols that no binary has are unknown, also where the profile would leave them out', async () => {
  const stray = { ...files, 'Win10/x86/other.pdb': 'x' };
  for (const profile of ['slim', 'full'])
    expect(await unnamed({ files: stray, release: { profile } })).toEqual(['viostor/w10/x86/other.pdb']);
});

/** Paths on the disc of files that lie beside INFs that do not name them, where nothing else is wrong. */
async function unnamed(options: ReleaseOptions): Promise<string[]> {
  const { tree } = await collectRelease(options);
  const onDisc = new Set(tree.files.map(({ path }) => path));
  expect(tree.unnamed.filter(({ path }) => onDisc.has(path))).toEqual([]);
  return tree.unnamed.map(({ path, infs }) => (infs.length === 1 ? path : `${path} (${infs.join(' ')})`));
}

test('a file beside an INF that does not name it is left to the rules, for each target of its folder', async () => {
  expect(await unnamed({ files: driverFolder('Win10/amd64', { extras: { 'new.exe': 'x' } }) })).toEqual([
    'viostor/2k22/amd64/new.exe',
    'viostor/w10/amd64/new.exe',
  ]);
});

test('among several drivers a file belongs to the INF of its name, else to one that names nothing', async () => {
  const netkvm = driverFolder('Win10/x86', { name: 'netkvm' });
  const silent = { 'Win10/x86/viostor.inf': '[Version]\r\n' };
  expect(await unnamed({ files: { ...netkvm, ...files, 'Win10/x86/VIOSTOR.cat': 'x' } })).toEqual([
    'viostor/w10/x86/VIOSTOR.cat',
  ]);
  expect(await unnamed({ files: { ...netkvm, ...files, ...silent, 'Win10/x86/co.dll': 'x' } })).toEqual([
    'viostor/w10/x86/co.dll',
    'viostor/w10/x86/viostor.sys',
  ]);
  expect(await problems({ files: { ...netkvm, ...files, 'Win10/x86/co.dll': 'x' } })).toEqual([
    expect.stringContaining(`drivers: Win10/x86/co.dll: ${unknown}`),
  ]);
});

test('beside a driver that the release leaves out a file is unknown', async () => {
  const release = { select: { arch: { exclude: ['x86'] } } };
  const more = { ...files, ...driverFolder('Win10/amd64'), 'Win10/x86/new.exe': 'x' };
  expect(await problems({ files: more, release })).toEqual([
    expect.stringContaining(`drivers: Win10/x86/new.exe: ${unknown}`),
  ]);
});

test('ignored files are left out and counted', async () => {
  const more = { README: 'x', 'Win10/x86/Test.EXE': 'x', 'Win10/x86/test.pdb': 'x', 'doc/a/b.txt': 'x' };
  const release = {
    ignored: [
      { pattern: 'readme', reason: 'at the root' },
      { pattern: 'test.*', reason: 'test program, in any folder, in any case' },
      { pattern: 'doc/**', source: 'drivers', reason: 'a tree' },
    ],
  };
  const { tree } = await collectRelease({ files: { ...files, ...more }, release });
  expect(tree.files.map(({ path }) => path)).toEqual([
    'viostor/w10/x86/viostor.inf',
    'viostor/w10/x86/viostor.sys',
  ]);
  expect(tree.sources[0]?.files).toEqual({ shipped: 2, leftOut: 0, ignored: 4 });
});

test('a signal is heard while many globs are matched with many files', { timeout: 200_000 }, async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `${'a'.repeat(220)}${index}`);
  const ignored = Array.from({ length: 100 }, () => ({ pattern: `${'*a'.repeat(99)}b`, reason: 'busy' }));
  const { manifest, context } = await makeRelease({
    files: Object.fromEntries(names.map((name) => [name, 'x'])),
    release: { ignored },
  });
  const started = performance.now();
  const stopped = collect.run(manifest, { ...context, signal: AbortSignal.timeout(1500) });
  await expect(stopped).rejects.toThrow(/timeout|interrupted/);
  expect(performance.now() - started).toBeLessThan(30_000);
});

test('an ignored INF is no driver, and what it named is told', async () => {
  const release = { ignored: [{ pattern: '*.inf', reason: 'broken' }] };
  expect(await problems({ files, release })).toEqual([
    expect.stringContaining(`drivers: Win10/x86/viostor.sys: ${unknown}`),
  ]);
});

test('every ignored entry that matches nothing is told', async () => {
  const release = {
    ignored: [
      { pattern: '*.vfd', reason: 'floppies' },
      { pattern: 'viostor.*', reason: 'used' },
      { pattern: 'viostor.inf', source: 'empty', reason: 'in the wrong source' },
    ],
  };
  const hint = '\n  hint: remove the entry: every ignored file must exist, so that the list stays true';
  expect(await problems({ sources: { drivers: files, empty: {} }, release })).toEqual([
    `./release.yaml:15: ignored.0.pattern: "*.vfd" matches no file of the sources${hint}`,
    `./release.yaml:19: ignored.2.pattern: "viostor.inf" matches no file of source "empty"${hint}`,
  ]);
});

test.each([
  ['*.pdb', 'a/b/X.PDB', true],
  ['test.*', 'a/b/test.exe', true],
  ['test.*', 'a/test.exe/b', false],
  ['a/*.inf', 'a/x.inf', true],
  ['a/*.inf', 'a/b/x.inf', false],
  ['a/**', 'a/b/.hidden', true],
  ['a/{b,c}/x', 'A/C/x', true],
  ['x[1].sys', 'x1.sys', true],
])('glob %j on %j: %j', (pattern, path, matches) => {
  expect(globMatcher(pattern)(path)).toBe(matches);
});

async function problems(options: ReleaseOptions): Promise<string[]> {
  const { manifest, context, folder } = await makeRelease(options);
  return problemsOf(collect.run(manifest, context), folder);
}
