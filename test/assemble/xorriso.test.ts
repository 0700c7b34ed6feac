import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test, vi } from 'vitest';
import { requireSameContents } from '../../pipeline/assemble/read-back.ts';
import { isoArguments, pathListText, writeIso } from '../../pipeline/assemble/xorriso.ts';
import { listIso, type NameTree } from '../../pipeline/assemble/xorriso-list.ts';
import { silentReporter } from '../../pipeline/core/reporter.ts';
import type { LayoutEntry } from '../../pipeline/model/disc-layout.ts';
import { hashFile } from '../../pipeline/system/files.ts';
import { hashStored } from '../../pipeline/system/stored-bytes.ts';
import { lacksTool } from '../builders/needs.ts';
import { pathWithout } from '../builders/path-without.ts';
import { problemsOf } from '../builders/problems.ts';
import { epoch, temporaryFolder } from '../builders/release.ts';
import { type Tree, writeTree } from '../builders/tree.ts';

const { signal } = new AbortController();
const context = { signal, reporter: silentReporter };

async function list(iso: string, names: NameTree) {
  return (await listIso(iso, names, { place: iso, name: 'disc' }, signal)).files;
}

test('the arguments of xorriso', () => {
  const options = { label: 'test-disc-1.2.3', epoch, pathList: '/w/path-list', output: '/o/x.iso' };
  expect(isoArguments(options).join(' ')).toMatchInlineSnapshot(
    `"-no_rc -as mkisofs -quiet -output /o/x.iso -volid test-disc-1.2.3 -preparer pvdisc -rational-rock -iso-level 4 -untranslated_name_len 96 -omit-version-number -file-mode 0444 -dir-mode 0555 --set_all_file_dates =1767323045 --modification-date=2026010203040500 -graft-points -path-list /w/path-list"`,
  );
});

test('the path list names one file for each content, and escapes what separates paths', () => {
  const content = (file: string, sha256: string) => ({ file, sha256, size: 1 });
  const entries = [
    { path: 'a/x.sys', content: content('/src/a=1/x.sys', 'aa') },
    { path: 'amd64/w10/x.sys', content: content('/src/b/x.sys', 'aa') },
    { path: 'b/name with=equals', content: content('/src/back\\slash', 'bb') },
  ];
  expect(pathListText(entries)).toMatchInlineSnapshot(`
    "a/x.sys=/src/a\\=1/x.sys
    amd64/w10/x.sys=/src/a\\=1/x.sys
    b/name with\\=equals=/src/back\\\\slash
    "
  `);
});

describe.skipIf(lacksTool('xorriso'))('a written disc', () => {
  const tree: Tree = {
    'a.sys': Buffer.alloc(5000, 'a'),
    'same.sys': Buffer.alloc(5000, 'a'),
    'b.inf': 'b',
    empty: '',
  };

  test('holds what was meant, each content in one extent', async () => {
    const { iso, entries } = await written(tree);
    await requireSameContents(iso, entries, context);
    const listed = await list(iso, 'best');
    expect(listed.map(({ path, size }) => [path, size])).toEqual([
      ['disc/a.sys', 5000],
      ['disc/b.inf', 1],
      ['disc/empty', 0],
      ['disc/same.sys', 5000],
    ]);
    const extentsOf = (path: string) => listed.find((entry) => entry.path === path)?.extents;
    expect(extentsOf('disc/same.sys')).toEqual(extentsOf('disc/a.sys'));
    expect(extentsOf('disc/a.sys')).toEqual([{ offset: expect.any(Number), length: 5000 }]);
    expect((await hashStored({ file: iso, extents: extentsOf('disc/a.sys') ?? [] })).sha256).toBe(
      entries[0]?.content.sha256,
    );
  });

  test('tells how far the reading back is', async () => {
    const { iso, entries } = await written(tree);
    const steps: unknown[] = [];
    await requireSameContents(iso, entries, {
      signal,
      reporter: { ...silentReporter, progress: (step) => steps.push(step) },
    });
    expect(steps.at(-1)).toEqual({ item: 'reading back', bytes: 5001, totalBytes: 5001 });
  });

  test('is the same, byte for byte, from other files with other times, and whatever xorriso is told by the user', async () => {
    const one = await written(tree);
    const home = await temporaryFolder('pvdisc-home-');
    await writeFile(join(home, '.xorrisorc'), '-volid other\n-application_id other\n');
    const { HOME } = process.env;
    process.env.HOME = home;
    const other = await written(tree).finally(() => {
      process.env.HOME = HOME;
    });
    expect((await hashFile(other.iso)).sha256).toBe((await hashFile(one.iso)).sha256);
  });

  test('has the label, the one date and fixed modes', async () => {
    const { iso } = await written(tree);
    const descriptor = (await readFile(iso)).subarray(0x8000, 0x8800);
    const text = (offset: number, length: number) =>
      descriptor.toString('latin1', offset, offset + length).trim();
    expect(text(1, 5)).toBe('CD001');
    expect(text(40, 32)).toBe('test-disc-1.2.3');
    expect(text(446, 128)).toBe('PVDISC');
    expect(text(813, 16)).toBe('2026010203040500');
    expect(text(830, 16)).toBe('2026010203040500');
    const { stdout } = await execa('xorriso', ['-no_rc', '-indev', iso, '-lsl', '/disc/', '--'], {
      env: { LC_ALL: 'C', TZ: 'UTC' },
    });
    expect(stdout.split('\n').filter((line) => line.startsWith('-'))).toEqual([
      expect.stringMatching(/^-r--r--r-- +\d+ 0 +0 +5000 Jan +2 .*'a\.sys'$/),
      expect.stringMatching(/^-r--r--r-- +\d+ 0 +0 +1 Jan +2 .*'b\.inf'$/),
      expect.stringMatching(/^-r--r--r-- +\d+ 0 +0 +0 Jan +2 .*'empty'$/),
      expect.stringMatching(/^-r--r--r-- +\d+ 0 +0 +5000 Jan +2 .*'same\.sys'$/),
    ]);
  });

  test('a byte changed after the writing is found', async () => {
    const { iso, entries, folder } = await written(tree);
    const bytes = await readFile(iso);
    const [at] = (await list(iso, 'best'))[0]?.extents ?? [];
    bytes[(at?.offset ?? 0) + 4999] = 0;
    await writeFile(iso, bytes);
    const changed = (path: string) =>
      expect.stringMatching(
        new RegExp(
          `^${path}: has sha256 [0-9a-f]{64} on the disc, expected ${entries[0]?.content.sha256}\n  hint: a source file changed during the build, or xorriso failed: build again$`,
        ),
      );
    expect(await problemsOf(requireSameContents(iso, entries, context), folder)).toEqual([
      changed('disc/a.sys'),
      changed('disc/same.sys'),
    ]);
  });

  test('a path that is missing, or that nobody meant, is found in both trees', async () => {
    const { iso, entries, folder } = await written(tree);
    const [first, ...rest] = entries;
    const content = first?.content ?? { file: '', sha256: '', size: 0 };
    const told = await problemsOf(
      requireSameContents(iso, [{ path: 'disc/new.sys', content }, ...rest], context),
      folder,
    );
    expect(told.map((problem) => problem.split('\n')[0])).toEqual([
      'disc/new.sys: is missing on the disc',
      'disc/a.sys: is on the disc but should not be',
      "disc/new.sys: is missing on the disc's primary tree",
      "disc/a.sys: is on the disc's primary tree but should not be",
    ]);
  });

  test('a content that is stored twice is found', async () => {
    const { iso, entries, folder } = await written(tree, (text) =>
      text.replace(/(?<=same\.sys=).*/, (file) => file.replace('a.sys', 'same.sys')),
    );
    expect(await problemsOf(requireSameContents(iso, entries, context), folder)).toEqual([
      expect.stringMatching(/^disc\/same\.sys: is stored a second time on the disc\n/),
    ]);
  });

  test.each([
    ['before the descriptors', 100, () => 'x.iso', 'before the volume descriptors'],
    ['behind a file', 5000, () => 'disc/a.sys', 'behind it in its last sector'],
    ['behind the last file', -1, () => 'x.iso', 'behind the last file'],
  ])('a byte %s is found', async (_, at, place, what) => {
    const { iso, entries, folder } = await written(tree);
    const bytes = await readFile(iso);
    const [extent] = (await list(iso, 'best'))[0]?.extents ?? [];
    bytes[at === -1 ? bytes.length - 1 : at === 100 ? at : at + (extent?.offset ?? 0)] = 1;
    await writeFile(iso, bytes);
    const told = await problemsOf(requireSameContents(iso, entries, context), folder);
    expect(told.map((problem) => problem.replace('./', '').split('\n')[0])).toContain(
      `${place()}: has bytes ${what} on the disc, expected zeros`,
    );
  });

  test('an xorriso that is killed is not the fault of the file', async () => {
    const { iso } = await written(tree);
    const folder = await temporaryFolder('pvdisc-path-');
    await writeFile(join(folder, 'xorriso'), '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}:${await pathWithout('bwrap')}`);
    const told = await problemsOf(list(iso, 'best')).finally(() => vi.unstubAllEnvs());
    expect(told).toEqual([
      expect.stringMatching(
        /^xorriso: failed \((?:SIGKILL|137)\): [^\n]*\n {2}hint: another program or the kernel ended it, /,
      ),
    ]);
  });

  test('a disc that is cut off is found', async () => {
    const { iso, entries, folder } = await written({ 'a.sys': Buffer.alloc(3_000_000, 'a') });
    await writeFile(iso, (await readFile(iso)).subarray(0, 2_000_000));
    const told = await problemsOf(requireSameContents(iso, entries, context), folder);
    expect(told).toEqual([
      expect.stringMatching(/^disc\/a\.sys: has sha256 [0-9a-f]{64} on the disc, expected /),
    ]);
  });

  test('xorriso fails when a file goes away, and says which', async () => {
    const { folder } = await written(tree);
    const entries = [{ path: 'x', content: { file: join(folder, 'gone'), sha256: 'x', size: 1 } }];
    const options = { label: 'l', epoch, pathList: join(folder, 'list'), output: join(folder, 'y.iso') };
    const [told = ''] = await problemsOf(writeIso(entries, options, context), folder);
    expect(told).toMatch(/^xorriso: failed \(\d+\): xorriso -no_rc -as mkisofs /);
    expect(told).toContain("Cannot determine attributes of source file './gone'");
  });

  test.skipIf(lacksTool('isoinfo'))(
    'shows its names in full to readers that know neither Rock Ridge nor Joliet',
    async () => {
      const long = `${'n'.repeat(92)}.inf`;
      const folder56 = 'F'.repeat(56);
      const names = [
        'virtio-win-gt-x64.msi',
        'README',
        'two.dots.cat',
        'MiXed Case (1).txt',
        long,
        '-x',
        '#y',
        `${folder56}/z`,
      ];
      const { iso } = await written(Object.fromEntries(names.map((name) => [name, name])));
      const { stdout } = await execa('isoinfo', ['-f', '-i', iso]);
      expect(
        stdout
          .split('\n')
          .filter((line) => line !== '')
          .sort(),
      ).toEqual(['/disc', `/disc/${folder56}`, ...names.map((name) => `/disc/${name}`)].sort());
      expect((await list(iso, 'primary')).map(({ path }) => path)).toEqual(
        names.map((name) => `disc/${name}`).sort(),
      );
    },
  );

  test('names with quotes and other signs come back as they are', async () => {
    const names = ["it's", 'a=b', 'back\\slash', 'semi;1', "'", "''quoted''", '$x `y` [z]'];
    const { iso, entries } = await written(Object.fromEntries(names.map((name) => [name, name])));
    await requireSameContents(iso, entries, context);
    expect((await list(iso, 'best')).map(({ path }) => path)).toEqual(
      names.map((name) => `disc/${name}`).sort(),
    );
  });

  /** Writes an ISO with the tree in `disc/`; `change` changes the path list before xorriso reads it. */
  async function written(files: Tree, change = (text: string) => text) {
    const folder = await temporaryFolder('pvdisc-iso-');
    await mkdir(join(folder, 'src'));
    await writeTree(join(folder, 'src'), files);
    const entries = await Promise.all(
      Object.keys(files).map(
        async (name): Promise<LayoutEntry> => ({
          path: `disc/${name}`,
          content: await hashFile(join(folder, 'src', name)),
        }),
      ),
    );
    const iso = join(folder, 'x.iso');
    const options = { label: 'test-disc-1.2.3', epoch, pathList: join(folder, 'path-list'), output: iso };
    await writeIso(entries, options, context);
    const changed = change(await readFile(options.pathList, 'utf8'));
    if (changed !== pathListText(entries)) {
      await writeFile(options.pathList, changed);
      await execa('xorriso', isoArguments(options));
    }
    return { folder, iso, entries };
  }
});
