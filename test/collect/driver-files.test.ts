import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collect } from '../../pipeline/collect/collect.ts';
import { problemsOf } from '../builders/problems.ts';
import { collectRelease, makeRelease, type ReleaseOptions } from '../builders/release.ts';
import { driverFolder, type Tree } from '../builders/tree.ts';

const symbols = driverFolder('Win10/x86', {
  extras: { 'viostor.pdb': 'symbols', 'helper.exe': 'MZ', 'helper.pdb': 'more' },
});
const helper = { viostor: { extras: [{ file: 'helper.exe', what: 'helper' }] } };

test('the full profile has the debug symbols of drivers and extras, the slim one has none', async () => {
  const full = await collectRelease({ files: symbols, drivers: helper, release: { profile: 'full' } });
  expect(rolesOf(full.tree.files)).toEqual({
    'helper.exe': 'extra',
    'helper.pdb': 'symbols',
    'viostor.inf': 'inf',
    'viostor.pdb': 'symbols',
    'viostor.sys': 'payload',
  });
  expect(full.tree.packages[0]?.files).toEqual([
    'viostor/w10/x86/viostor.inf',
    'viostor/w10/x86/viostor.sys',
  ]);
  const slim = await collectRelease({ files: symbols, drivers: helper, release: { profile: 'slim' } });
  expect(rolesOf(slim.tree.files)).toEqual({
    'helper.exe': 'extra',
    'viostor.inf': 'inf',
    'viostor.sys': 'payload',
  });
  expect(slim.tree.packages).toEqual(full.tree.packages);
  expect(slim.tree.sources[0]?.files).toEqual({ shipped: 3, leftOut: 2, ignored: 0 });
});

test('the slim profile knows debug symbols in capitals too', async () => {
  const files = driverFolder('Win10/x86', { extras: { 'VIOSTOR.PDB': 'symbols' } });
  const { tree } = await collectRelease({ files, release: { profile: 'slim' } });
  expect(tree.files.map(({ origin }) => origin.path)).not.toContain('Win10/x86/VIOSTOR.PDB');
});

test('an extra is expected for the Windows versions that the manifest says, and recorded where it is missing', async () => {
  const drivers = {
    viostor: {
      extras: [
        { file: 'old.dll', windows: '>=6.0.0 <10.0.0', what: 'for Windows 7' },
        { file: 'late.exe', windows: '>=10.0.20348', what: 'for Windows Server 2022 and later' },
        { file: 'readme.txt', what: 'for all' },
      ],
    },
  };
  const files = {
    ...driverFolder('Win7/x86', { extras: { 'old.dll': 'MZ', 'README.TXT': 'x' } }),
    ...driverFolder('Win10/amd64', { extras: { 'late.exe': 'MZ' } }),
  };
  const { tree } = await collectRelease({ files, drivers });
  expect(tree.files.filter(({ role }) => role === 'extra').map(({ path }) => path)).toEqual([
    'viostor/2k22/amd64/late.exe',
    'viostor/w7/x86/README.TXT',
    'viostor/w7/x86/old.dll',
  ]);
  expect(tree.missingExtras).toEqual([
    { driver: 'viostor', target: { os: 'w10', arch: 'amd64' }, file: 'readme.txt' },
    { driver: 'viostor', target: { os: '2k22', arch: 'amd64' }, file: 'readme.txt' },
  ]);
});

test('an extra that is expected nowhere where it lies is told as one that no INF names', async () => {
  const drivers = {
    viostor: { extras: [{ file: 'late.exe', windows: '>=10.0.22000', what: 'for Windows 11' }] },
  };
  const { tree } = await collectRelease({
    files: driverFolder('Win10/x86', { extras: { 'late.exe': 'MZ' } }),
    drivers,
  });
  expect(tree.files.map(({ role }) => role)).toEqual(['inf', 'payload']);
  expect(tree.unnamed.map(({ path }) => path)).toEqual(['viostor/w10/x86/late.exe']);
});

test('a file that is both named by the INF and an extra is there once', async () => {
  const files = driverFolder('Win10/x86', {
    infFiles: ['viostor.sys', 'helper.exe'],
    extras: { 'helper.exe': 'MZ' },
  });
  const { tree } = await collectRelease({ files, drivers: helper });
  expect(rolesOf(tree.files)).toEqual({
    'helper.exe': 'payload',
    'viostor.inf': 'inf',
    'viostor.sys': 'payload',
  });
  expect(tree.files).toHaveLength(3);
});

test('files that the INF names and the folder does not hold are recorded with their lines', async () => {
  const options = { inf: { catalog: 'viostor.cat' }, infFiles: ['viostor.sys', 'gone.dll'] };
  const { tree } = await collectRelease({ files: driverFolder('Win10/x86', options) });
  const inf = Buffer.from(driverFolder('Win10/x86', options)['Win10/x86/viostor.inf'] ?? '').toString();
  const lineOf = (text: string) => inf.split('\r\n').indexOf(text) + 1;
  expect(tree.packages[0]?.missing).toEqual([
    { name: 'viostor.cat', line: lineOf('CatalogFile = viostor.cat') },
    { name: 'gone.dll', line: lineOf('gone.dll = 1,,') },
  ]);
  expect(lineOf('gone.dll = 1,,')).toBeGreaterThan(10);
});

test('the catalog that the INF names belongs to the package as such', async () => {
  const files = driverFolder('Win10/x86', {
    inf: { catalog: 'viostor.cat' },
    extras: { 'viostor.cat': 'x' },
  });
  const { tree } = await collectRelease({ files });
  expect(rolesOf(tree.files)).toMatchObject({ 'viostor.cat': 'catalog' });
  expect(tree.packages[0]?.files).toContain('viostor/w10/x86/viostor.cat');
});

test('a file outside the folder of its INF is missing, also where the source has a file there', async () => {
  const files = driverFolder('Win10/x86', { infFiles: ['viostor.sys', '..\\evil.sys'] });
  const { tree } = await collectRelease({
    files: { ...files, 'Win10/evil.sys': 'x' },
    release: { ignored: [{ pattern: 'Win10/evil.sys', reason: 'outside' }] },
  });
  expect(tree.packages[0]?.missing.map(({ name }) => name)).toEqual(['../evil.sys']);
});

test.each([
  ['Windows could not read', 'text\r\n', /:1: is not a valid INF: text before the first \[section\]$/],
])('an INF that %s is told with its line', async (_what, inf, message) => {
  const [told = '', hint] = (await problems({ files: { 'Win10/x86/viostor.inf': inf } })).join().split('\n');
  expect(told).toMatch(/^drivers: Win10\/x86\/viostor\.inf:/);
  expect(told).toMatch(message);
  expect(hint).toBe(
    '  hint: fix the INF, or list it and the files of its driver under "ignored" in the release',
  );
});

test('all INFs that cannot be read are told at once, and each once', async () => {
  const files = {
    ...driverFolder('Win10/x86', { name: 'netkvm' }),
    'Win10/amd64/viostor.inf': 'text',
    'Win10/amd64/netkvm.inf': '[Version',
    'Win7/x86/viostor.inf': '',
  };
  const release = { select: { os: { exclude: ['w7'] } } };
  const told = (await problems({ files, release })).map((problem) => problem.split('\n')[0]);
  expect(told.sort()).toEqual([
    'drivers: Win10/amd64/netkvm.inf:1: is not a valid INF: section header without ]',
    'drivers: Win10/amd64/viostor.inf:1: is not a valid INF: text before the first [section]',
    'drivers: Win7/x86/viostor.inf: is not a valid INF: it is an empty file',
  ]);
});

test('an INF that cannot be read is told also where the release does not select its driver', async () => {
  const release = { select: { drivers: { exclude: ['viostor'] } } };
  expect(await problems({ files: { 'Win10/x86/viostor.inf': '' }, release })).toEqual([
    expect.stringContaining('drivers: Win10/x86/viostor.inf: is not a valid INF: it is an empty file'),
  ]);
});

test('each content has its digest and size, and is read once however many places it goes to', async () => {
  const { tree, release } = await collectRelease({ files: driverFolder('Win10/amd64') });
  for (const { content } of tree.files) {
    const bytes = await readFile(content.file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(content).toEqual({ file: content.file, sha256, size: bytes.length });
  }
  const total = Object.values(driverFolder('Win10/amd64')).reduce((sum, bytes) => sum + bytes.length, 0);
  expect(tree.files).toHaveLength(4);
  expect(release.progress.at(-1)).toEqual({ files: 2, bytes: total });
});

test('a list of digests must name every file that is shipped, with its digest', async () => {
  const release = (digests: string) => ({
    sources: { drivers: { type: 'directory', path: 'sources/drivers', digests } },
  });
  const tree = driverFolder('Win10/x86');
  const good = digestsOf(tree);
  const { tree: collected } = await collectRelease({
    files: tree,
    release: release('SUMS'),
    texts: { SUMS: good },
  });
  expect(collected.sources[0]?.pin).toEqual({ digests: 'SUMS' });
  const sha256 = (path: string) =>
    createHash('sha256')
      .update(tree[path] ?? '')
      .digest('hex');
  const zeros = '0'.repeat(64);
  const hint = '\n  hint: get the file again, or, if the change is intended, update the digest list';
  const texts = { SUMS: `${zeros}  Win10/x86/viostor.sys\n` };
  expect(await problems({ files: tree, release: release('SUMS'), texts })).toEqual([
    `drivers: Win10/x86/viostor.inf: sha256 ${sha256('Win10/x86/viostor.inf')} is not in the digest list${hint}`,
    `drivers: Win10/x86/viostor.sys: sha256 ${sha256('Win10/x86/viostor.sys')} does not match the digest list, expected ${zeros}${hint}`,
  ]);
});

test('--use stands in for a source, and its digests are checked all the same', async () => {
  const { manifest, context, folder } = await makeRelease({
    files: {},
    release: { sources: { drivers: { type: 'directory', path: 'sources/drivers', digests: 'SUMS' } } },
    texts: { SUMS: digestsOf(driverFolder('Win10/x86')) },
  });
  const other = await makeRelease({ files: driverFolder('Win10/x86') });
  const overrides = new Map([['drivers', join(other.folder, 'sources/drivers')]]);
  const tree = await collect.run(manifest, { ...context, overrides });
  expect(tree.files.map(({ origin }) => origin)).toEqual([
    { source: 'drivers', path: 'Win10/x86/viostor.inf' },
    { source: 'drivers', path: 'Win10/x86/viostor.sys' },
  ]);
  await writeFile(join(other.folder, 'sources/drivers/Win10/x86/viostor.sys'), 'other');
  const again = collect.run(manifest, { ...context, overrides });
  expect(await problemsOf(again, folder)).toEqual([
    expect.stringContaining('does not match the digest list'),
  ]);
});

test('a run that is stopped while it hashes ends as one', async () => {
  const { manifest, context } = await makeRelease({ files: driverFolder('Win10/x86') });
  const controller = new AbortController();
  const reporter = {
    ...context.reporter,
    progress: ({ bytes }: { bytes?: number }) =>
      bytes !== undefined && controller.abort(new Error('stopped')),
  };
  await expect(collect.run(manifest, { ...context, reporter, signal: controller.signal })).rejects.toThrow(
    'stopped',
  );
});

function rolesOf(files: readonly { path: string; role: string }[]): Record<string, string> {
  return Object.fromEntries(files.map(({ path, role }) => [path.slice(path.lastIndexOf('/') + 1), role]));
}

function digestsOf(tree: Tree): string {
  return Object.entries(tree)
    .map(([path, content]) => `${createHash('sha256').update(content).digest('hex')}  ${path}\n`)
    .join('');
}

async function problems(options: ReleaseOptions): Promise<string[]> {
  const { manifest, context, folder } = await makeRelease(options);
  return problemsOf(collect.run(manifest, context), folder);
}
