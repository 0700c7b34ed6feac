import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PackageArtifact } from '../../pipeline/model/release.ts';
import { deb } from '../../pipeline/package/deb.ts';
import { packagers } from '../../pipeline/package/index.ts';
import {
  buildDeb,
  buildDebs,
  type DebOptions,
  debMetadata,
  fakeIso,
  makeDebSetting,
} from '../builders/deb.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';

/** `severalBlocks` is large enough for two threads. */
const compressions = [
  { compression: 'zstd', extension: 'zst', severalBlocks: 70 * 1024 * 1024 },
  { compression: 'xz', extension: 'xz', severalBlocks: 13 * 1024 * 1024 },
] as const;

const folder = () => temporaryFolder('pvdisc-deb-');

/** The files of the host command have tests of their own. */
function isHostFile(line: string): boolean {
  return line.includes('/releases/pvdisc-sample/host/') && !line.endsWith('/host/');
}

/** So do the documents, which pvdisc adds to every package. */
function isOwnFile(line: string): boolean {
  return isHostFile(line) || line.includes('/doc/pvdisc-sample/docs/');
}

/** Creates a package in a new folder and returns its bytes. */
async function bytesOf(options: DebOptions): Promise<Buffer> {
  return readFile((await buildDeb(await folder(), options)).content.file);
}

async function dpkgDeb(...args: string[]): Promise<string> {
  return (await execa('dpkg-deb', args, { env: { TZ: 'UTC', LC_ALL: 'C' } })).stdout;
}

test('the packager is registered under its format, and names the tool of each compression', () => {
  expect(Object.entries(packagers).map(([name, { format }]) => [name, format])).toEqual([
    ['deb', 'deb'],
    ['oci', 'oci'],
    ['rpm', 'rpm'],
  ]);
  const names = compressions.map(({ compression }) => deb.tools({ compression }).map(({ name }) => name));
  expect(names).toEqual([['zstd'], ['xz']]);
});

describe.skipIf(lacksTool('dpkg-deb', 'ar', 'zstd', 'xz', 'md5sum', 'taskset')).each(compressions)(
  'with $compression',
  ({ compression, extension, severalBlocks }) => {
    let setting: string;
    let made: PackageArtifact;

    beforeAll(async () => {
      setting = await mkdtemp(join(tmpdir(), 'pvdisc-deb-'));
      made = await buildDeb(setting, { compression });
    });

    afterAll(() => rm(setting, { recursive: true, force: true }));

    test('the archive has the members of deb(5) in their order, and dpkg-deb reads its fields', async () => {
      const { content, name, format } = made;
      expect({ name, format }).toEqual({ name: 'pvdisc-sample_0.1.0-1_all.deb', format: 'deb' });
      const { stdout } = await execa('ar', ['t', content.file]);
      expect(stdout.split('\n')).toEqual([
        'debian-binary',
        `control.tar.${extension}`,
        `data.tar.${extension}`,
      ]);
      expect(await dpkgDeb('-f', content.file, 'Package', 'Version', 'Architecture', 'Provides')).toBe(
        'Package: pvdisc-sample\nVersion: 0.1.0-1\nArchitecture: all\nProvides: virtio-win-iso',
      );
      expect(await readdir(join(setting, 'output'))).toEqual([name]);
    });

    test('the recorded digest and size are those of the file', async () => {
      const bytes = await readFile(made.content.file);
      expect(made.content).toMatchObject({
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
    });

    test('files, modes, owners and dates are as they must be', async () => {
      const metadata = debMetadata('0.1.0-1');
      const { content } = await buildDeb(await folder(), { compression, metadata });
      const all = (await dpkgDeb('--contents', content.file))
        .split('\n')
        .map((line) => line.replaceAll(/ +/g, ' '));
      const lines = all.filter((line) => !isOwnFile(line));
      const host = all.filter(isHostFile).map((line) => line.replace(/\.\/.*\/host\//, ''));
      expect(lines).toEqual([
        'drwxr-xr-x root/root 0 2026-11-20 12:00 ./',
        'drwxr-xr-x root/root 0 2026-11-20 12:00 ./usr/',
        'drwxr-xr-x root/root 0 2026-11-20 12:00 ./usr/share/',
        'drwxr-xr-x root/root 0 2026-11-20 12:00 ./usr/share/doc/',
        'drwxr-xr-x root/root 0 2026-11-20 12:00 ./usr/share/doc/pvdisc-sample/',
        '-rw-r--r-- root/root 24 2026-11-20 12:00 ./usr/share/doc/pvdisc-sample/README.txt',
        expect.stringMatching(
          /^-rw-r--r-- root\/root \d+ 2026-11-20 12:00 \.\/usr\/share\/doc\/pvdisc-sample\/changelog\.Debian\.gz$/,
        ),
        '-rw-r--r-- root/root 14 2026-11-20 12:00 ./usr/share/doc/pvdisc-sample/copyright',
        'drwxr-xr-x root/root 0 2026-11-20 12:00 ./usr/share/virtio-win/',
        expect.stringMatching(
          /^-rw-r--r-- root\/root \d+ 2026-11-20 12:00 \.\/usr\/share\/virtio-win\/pvdisc-sample-0\.1\.0\.disc$/,
        ),
        '-r--r--r-- root/root 3146241 2026-11-20 12:00 ./usr/share/virtio-win/pvdisc-sample-0.1.0.iso',
        'drwxr-xr-x root/root 0 2026-11-20 12:00 ./usr/share/virtio-win/releases/',
        'drwxr-xr-x root/root 0 2026-11-20 12:00 ./usr/share/virtio-win/releases/pvdisc-sample/',
        'drwxr-xr-x root/root 0 2026-11-20 12:00 ./usr/share/virtio-win/releases/pvdisc-sample/host/',
      ]);
      expect(host).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^-rwxr-xr-x root\/root \d+ 2026-11-20 12:00 virtio-win$/),
          expect.stringMatching(/^-rw-r--r-- root\/root \d+ 2026-11-20 12:00 lib\/discs\.sh$/),
        ]),
      );
    });

    test('what is unpacked is the disc, and agrees with the md5sums of every file', async () => {
      const unpacked = await folder();
      await dpkgDeb('--raw-extract', made.content.file, unpacked);
      const disc = await readFile(join(unpacked, 'usr/share/virtio-win/pvdisc-sample-0.1.0.iso'));
      expect(disc.equals(fakeIso())).toBe(true);
      const check = await execa('md5sum', ['--check', '--strict', 'DEBIAN/md5sums'], {
        cwd: unpacked,
        env: { LC_ALL: 'C' },
      });
      expect(check.stdout.split('\n').filter((line) => !isOwnFile(line))).toEqual([
        'usr/share/doc/pvdisc-sample/README.txt: OK',
        'usr/share/doc/pvdisc-sample/changelog.Debian.gz: OK',
        'usr/share/doc/pvdisc-sample/copyright: OK',
        'usr/share/lintian/overrides/pvdisc-sample: OK',
        'usr/share/virtio-win/pvdisc-sample-0.1.0.disc: OK',
        'usr/share/virtio-win/pvdisc-sample-0.1.0.iso: OK',
      ]);
      const scripts = ['postinst', 'postrm', 'prerm'];
      expect((await readdir(join(unpacked, 'DEBIAN'))).sort()).toEqual(['control', 'md5sums', ...scripts]);
      for (const script of scripts)
        expect((await stat(join(unpacked, 'DEBIAN', script))).mode & 0o777).toBe(0o755);
    });

    test('the tar is one that tar reads to its end', async () => {
      const tar = await execa('dpkg-deb', ['--fsys-tarfile', made.content.file], {
        encoding: 'buffer',
        stripFinalNewline: false,
      });
      const { stdout } = await execa('tar', ['t'], { input: tar.stdout });
      expect(stdout.split('\n')).toContain('./usr/share/virtio-win/pvdisc-sample-0.1.0.iso');
      expect(stdout.split('\n').at(-1)).toMatch(
        /^\.\/usr\/share\/virtio-win\/releases\/pvdisc-sample\/host\/virtio-win\.bash$/,
      );
    });

    test('the same disc gives the same bytes, whatever the environment says', async () => {
      vi.stubEnv('ZSTD_CLEVEL', '1');
      vi.stubEnv('ZSTD_NBTHREADS', '1');
      vi.stubEnv('XZ_OPT', '-9e');
      vi.stubEnv('XZ_DEFAULTS', '--check=sha256');
      vi.stubEnv('TZ', 'Asia/Tokyo');
      const umask = process.umask(0o077);
      const second = await bytesOf({ compression });
      process.umask(umask);
      vi.unstubAllEnvs();
      expect(second.equals(await readFile(made.content.file))).toBe(true);
    });

    test('the number of cores does not count', async () => {
      const iso = fakeIso(severalBlocks);
      const all = await buildDeb(await folder(), { compression, iso });
      const one = await onOneCore(() => folder().then((path) => buildDeb(path, { compression, iso })));
      expect(one.content.sha256).toBe(all.content.sha256);
    });

    test('other bytes of the disc give another package', async () => {
      const iso = fakeIso();
      iso[1_000_000] = (iso[1_000_000] ?? 0) ^ 1;
      expect((await bytesOf({ compression, iso })).equals(await readFile(made.content.file))).toBe(false);
    });

    test('an aborted run leaves nothing', async () => {
      const abort = new AbortController();
      const setting = await folder();
      const { input, context } = await makeDebSetting(setting, {
        compression,
        context: { signal: abort.signal },
      });
      const reporter = { ...context.reporter, progress: () => abort.abort() };
      await expect(deb.pack(input, { ...context, reporter })).rejects.toMatchObject({ kind: 'interrupted' });
      expect(await readdir(join(setting, 'output'))).toEqual([]);
    });

    test('a compressor that fails is told in its own words, and nothing is left', async () => {
      const setting = await folder();
      await writeFile(join(setting, compression), '#!/bin/sh\necho "out of memory" >&2\nexit 7\n');
      await chmod(join(setting, compression), 0o755);
      const { input, context } = await makeDebSetting(setting, { compression });
      vi.stubEnv('PATH', `${setting}${delimiter}${process.env.PATH}`);
      const packed = deb.pack(input, context);
      await expect(packed).rejects.toMatchObject({
        kind: 'input',
        message: expect.stringMatching(
          new RegExp(`^${compression}: failed \\(7\\): ${compression} .*\\n {2}out of memory$`),
        ),
      });
      vi.unstubAllEnvs();
      expect(await readdir(join(setting, 'output'))).toEqual([]);
    });
  },
);

describe.skipIf(lacksTool('zstd'))('while it packs', () => {
  test('progress is told up to the size of all that is packed', async () => {
    const { input, context, progress } = await makeDebSetting(await folder());
    await deb.pack(input, context);
    const bytes = progress.map((step) => step.bytes ?? 0);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(bytes.at(-1)).toBe(progress.at(-1)?.totalBytes);
    expect(bytes.at(-1)).toBeGreaterThan(input.discs.iso.content.size);
    expect(progress.at(-1)).toMatchObject({ item: 'pvdisc-sample' });
  });

  test('a disc that is gone is told by its path, and nothing is left', async () => {
    const setting = await folder();
    const { input, context } = await makeDebSetting(setting);
    await rm(input.discs.iso.content.file);
    await expect(deb.pack(input, context)).rejects.toMatchObject({
      problems: [{ place: input.discs.iso.content.file, message: 'no such file' }],
    });
    expect(await readdir(join(setting, 'output'))).toEqual([]);
  });

  test('a disc that has changed since it was written is told, and nothing is left', async () => {
    const setting = await folder();
    const { input, context } = await makeDebSetting(setting);
    const { file, sha256 } = input.discs.iso.content;
    const bytes = await readFile(file);
    bytes[7] = 255;
    await writeFile(file, bytes);
    await expect(deb.pack(input, context)).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(
        new RegExp(
          `^${file}: has sha256 [0-9a-f]{64}, expected ${sha256}, for /usr/share/virtio-win/pvdisc-sample-0.1.0.iso in the package`,
        ),
      ),
    });
    expect(await readdir(join(setting, 'output'))).toEqual([]);
  });

  test('a release gets the packages that it asks for, all of one version, that of the disc first', async () => {
    const artifacts = await buildDebs(await folder(), { also: ['drivers', 'symbols'] });
    expect(artifacts.map(({ name }) => name)).toEqual([
      'pvdisc-sample_0.1.0-1_all.deb',
      'pvdisc-sample-symbols_0.1.0-1_all.deb',
      'pvdisc-sample-drivers_0.1.0-1_all.deb',
    ]);
    const control = await Promise.all(
      artifacts.map(({ content }) => dpkgDeb('-f', content.file, 'Package', 'Version')),
    );
    expect(control).toEqual(
      ['', '-symbols', '-drivers'].map((kind) => `Package: pvdisc-sample${kind}\nVersion: 0.1.0-1`),
    );
    const symbols = await dpkgDeb('--contents', artifacts[1]?.content.file ?? '');
    expect(symbols).toContain(' ./usr/share/virtio-win/pvdisc-sample-symbols-0.1.0.iso');
    expect(symbols).not.toContain('/releases/');
  });

  test('the unpacked drivers name the disc that they are of, as its own record does', async () => {
    const [disc, drivers] = await buildDebs(await folder(), { also: ['drivers'] });
    const discFields = async (file = '', path: string) => {
      const read = 'dpkg-deb --fsys-tarfile "$0" | tar -xO "./usr/share/virtio-win/$1"';
      const { stdout } = await execa('sh', ['-c', read, file, path]);
      return stdout.match(/^(?:Disc|Version|Package-Version|Size|Sha256): .+$/gm);
    };
    const name = 'pvdisc-sample-0.1.0.disc';
    const named = await discFields(drivers?.content.file, `releases/pvdisc-sample/drivers/${name}`);
    expect(named).toHaveLength(5);
    expect(named).toEqual(await discFields(disc?.content.file, name));
  });

  test('no path of the machine and no user gets into the package', async () => {
    const setting = await folder();
    const { content } = await buildDeb(setting, {});
    const tar = await execa('dpkg-deb', ['--fsys-tarfile', content.file], {
      encoding: 'buffer',
      stripFinalNewline: false,
    });
    const control = await execa('dpkg-deb', ['--ctrl-tarfile', content.file], {
      encoding: 'buffer',
      stripFinalNewline: false,
    });
    const text = Buffer.concat([tar.stdout, control.stdout]).toString('latin1');
    expect(text).toContain('./usr/share/virtio-win/');
    expect(text).not.toContain(setting);
    expect(text).not.toContain(process.cwd());
  });
});

/** Runs with this process and its children bound to one core. */
async function onOneCore<T>(work: () => Promise<T>): Promise<T> {
  const all = (await execa('taskset', ['-p', String(process.pid)])).stdout.split(': ').at(-1) ?? '';
  await execa('taskset', ['-a', '-p', '1', String(process.pid)]);
  try {
    return await work();
  } finally {
    await execa('taskset', ['-a', '-p', all, String(process.pid)]);
  }
}
