import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { describe, expect, inject, test } from 'vitest';
import { builtLegacy, builtSample, program, readRelease } from '../builders/built-release.ts';
import { buildDebs, debMetadata } from '../builders/deb.ts';
import { debianArchive, lacksDebian } from '../builders/debian-root.ts';
import { lacksTool } from '../builders/needs.ts';
import { temporaryFolder } from '../builders/release.ts';
import { buildSampleAs } from '../builders/renamed-sample.ts';

const realDrivers = process.env.PVDISC_REAL_DRIVERS;
if (realDrivers === undefined)
  console.warn('SKIPPED: PVDISC_REAL_DRIVERS is not set, so lintian does not see packages of real drivers');

describe.skipIf(lacksTool('lintian', 'zstd', 'xz'))('lintian at its most pedantic', () => {
  // In one run: what lintian loads takes it longer than to look at a package.
  test("finds nothing in the packages of the sample, of the legacy release and of upstream's disc", {
    timeout: 900_000,
  }, async () => {
    const { debs } = await builtSample();
    const folder = await temporaryFolder('pvdisc-lintian-');
    const legacy = await buildDebs(folder, { release: 'virtio-win-legacy', also: ['symbols'] });
    const upstream = await buildDebs(folder, { release: 'virtio-win' });
    expect([debs, legacy, upstream].map(({ length }) => length)).toEqual([3, 2, 1]);
    const others = [...legacy, ...upstream].map(({ content }) => content.file);
    expect(await lintian([...debs, ...others])).toEqual({ exitCode: 0, output: '' });
  });

  test('finds nothing in them but an unused override (an info) when they are compressed with xz', {
    timeout: 300_000,
  }, async () => {
    const out = join(await temporaryFolder('pvdisc-xz-'), 'out');
    const release = 'drivers-manifest/releases/sample.yaml';
    await execa('node', [program, 'build', release, '--compression', 'xz', '--out', out, '--quiet']);
    const { debs } = await readRelease(out);
    expect(await lintian(debs, ['pedantic'])).toEqual({ exitCode: 0, output: '' });
  });

  test.skipIf(realDrivers === undefined)(
    'finds nothing in the packages of real drivers',
    { timeout: 300_000 },
    async () => {
      const { debs } = await builtLegacy(realDrivers ?? '');
      expect(await lintian(debs)).toEqual({ exitCode: 0, output: '' });
    },
  );

  test('would see a fault', async () => {
    const folder = await temporaryFolder('pvdisc-lintian-');
    const [disc] = await buildDebs(folder, { metadata: debMetadata('0.1.0-1') });
    const { exitCode, output } = await lintian([disc?.content.file ?? '']);
    expect(exitCode).toBe(2);
    expect(output).toContain('W: pvdisc-sample: initial-upload-closes-no-bugs');
  });
});

describe.skipIf(lacksTool('piuparts', 'zstd') || (await lacksDebian()))('piuparts', () => {
  test('installs, upgrades, removes and purges the packages and finds nothing left', {
    timeout: 240_000,
  }, async (context) => {
    const { suite, mirror, file } = await debianArchive();
    const base = join(await temporaryFolder('pvdisc-piuparts-'), 'base.tar.gz');
    await writeFile(base, gzipSync(await readFile(file), { level: 1 }));
    const { debs } = await buildSampleAs({ version: '0.2.0' });
    const options = [
      '-b',
      base,
      '-d',
      suite,
      '-m',
      `${mirror} main`,
      '--no-upgrade-test',
      '--warn-on-others',
    ];
    const { all, exitCode } = await execa('piuparts', [...options, ...debs], {
      all: true,
      reject: false,
      cwd: inject('runFolder'),
    });
    if (/(?:Failed to fetch|Could not resolve|Temporary failure resolving|Could not connect)/.test(all)) {
      if (process.env.CI === 'true') throw new Error(`CI cannot reach ${mirror}`);
      console.warn(`SKIPPED: piuparts cannot reach ${mirror}`);
      context.skip();
    }
    expect(all).toContain('PASS: Installation and purging test.');
    expect({
      exitCode,
      errors: all.split('\n').filter((line) => / (?:ERROR|FAIL|WARN): /.test(line)),
    }).toEqual({
      exitCode: 0,
      errors: [],
    });
  });
});

/** Runs lintian, as user nobody instead of root since it warns about root; returns its tags, except overridden ones. */
async function lintian(
  files: readonly string[],
  more: readonly ('pedantic' | 'info')[] = ['pedantic', 'info'],
): Promise<{ exitCode: number | undefined; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'pvdisc-lintian-'));
  try {
    await chmod(folder, 0o755);
    const copies = files.map((file) => join(folder, basename(file)));
    for (const [index, file] of files.entries()) await copyFile(file, copies[index] ?? '');
    const nobody = 65534;
    const shown = more.map((level) => (level === 'info' ? '--display-info' : '--pedantic'));
    const failing = ['error', 'warning', ...more].join(',');
    const result = await execa('lintian', [...shown, '--fail-on', failing, ...copies], {
      reject: false,
      all: true,
      cwd: '/',
      env: { HOME: '/nonexistent', LC_ALL: 'C' },
      ...(process.getuid?.() === 0 && { uid: nobody, gid: nobody }),
    });
    return { exitCode: result.exitCode, output: result.all };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
