import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { baselineSchema } from '../../pipeline/model/baseline.ts';
import { withCatalog } from '../builders/catalog.ts';
import { pvdisc } from '../builders/command.ts';
import { type WrittenRelease, writeRelease } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';

/** A release with one warning: an extra file is missing. */
async function warned(): Promise<WrittenRelease & { readonly baseline: string }> {
  const release = await writeRelease({
    files: withCatalog(driverFolder('Win10/x86')),
    drivers: { viostor: { extras: [{ file: 'tool.exe', what: 'x' }] } },
  });
  return { ...release, baseline: join(release.folder, 'release.baseline.json') };
}

const entry = {
  rule: 'manifest/missing-extra',
  path: 'viostor/w10/x86/tool.exe',
  message: 'is expected by the manifest, but is not in the source',
  count: 1,
};

test('is written beside the release, and read again has nothing new', async () => {
  const { file, baseline } = await warned();
  const written = await pvdisc(['check', file, '--write-baseline']);
  expect(written).toMatchObject({
    exitCode: 0,
    stderr: `pvdisc: ${baseline}: 1 entry of all rules written\n`,
  });
  const text = await readFile(baseline, 'utf8');
  expect(baselineSchema.parse(JSON.parse(text)).findings).toEqual([entry]);
  expect(text.split('\n')).toContain(`    ${JSON.stringify(entry)}`);
  const { exitCode, stdout } = await pvdisc(['check', file, '--baseline', baseline, '--max-warnings', '0']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`No new warnings since ${baseline}.\nThe rest:\nwarning `);
  expect(stdout).toContain('0 errors (0 new), 1 warning (0 new), ');
});

test('that lacks a warning fails with --max-warnings 0, says what is gone, and can be written again', async () => {
  const { file, baseline } = await warned();
  const gone = { ...entry, path: 'viostor/w7/\u001b[2Jx.exe' };
  await writeFile(baseline, JSON.stringify({ schemaVersion: 1, release: 'other', findings: [gone] }));
  const args = ['check', file, '--baseline', baseline];
  const { exitCode, stdout, stderr } = await pvdisc([...args, '--max-warnings', '0']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`New since ${baseline}:\nwarning       1  manifest/missing-extra`);
  expect(stdout).toContain(
    `1 entry of ${baseline} matches no finding any more: viostor/w7/?[2Jx.exe [manifest/missing-extra]\n`,
  );
  expect(stderr).toContain(`--baseline ${baseline} is of release other, not of `);
  expect(stderr).toContain('--max-warnings 0: all rules together have 1 new warning\n  hint: ');
  expect((await pvdisc([...args, '--write-baseline'])).exitCode).toBe(0);
  expect(baselineSchema.parse(JSON.parse(await readFile(baseline, 'utf8'))).findings).toEqual([entry]);
});

test('without one, --max-warnings counts all warnings', async () => {
  const { file } = await warned();
  expect((await pvdisc(['check', file, '--max-warnings', '1'])).exitCode).toBe(0);
  const { exitCode, stderr } = await pvdisc(['check', file, '--max-warnings', '0']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('--max-warnings 0: all rules together have 1 warning\n');
});

describe('usage', () => {
  test.each([
    [['--baseline', 'none.json'], 2, '--baseline none.json: no such file or folder\n'],
    [['--baseline', '.'], 1, '--baseline .: release.json: no such file\n'],
    [['--baseline', 'README.md'], 1, '--baseline README.md: is not JSON\n'],
    [
      ['--baseline', 'package.json'],
      1,
      '--baseline package.json: is no baseline that pvdisc reads: schemaVersion: ',
    ],
    [['--write-baseline', 'package.json'], 2, '--write-baseline package.json: exists and is no baseline'],
    [['--max-warnings', 'few'], 2, '--max-warnings: is not a whole number\n'],
    [['--max-warnings', '-1'], 2, '--max-warnings: is not a whole number\n'],
  ])('check %j is refused', async (args, exitCode, words) => {
    const before = await readFile('package.json');
    const result = await pvdisc(['check', 'drivers-manifest/releases/sample.yaml', ...args]);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr.startsWith(words)).toBe(true);
    expect(await readFile('package.json')).toEqual(before);
  });

  test('a release that --write-baseline takes for its file is not overwritten', async () => {
    const { file } = await warned();
    const before = await readFile(file, 'utf8');
    const { exitCode, stderr } = await pvdisc(['check', '--write-baseline', file]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${file} is the file of --write-baseline: name the release before the option`);
    expect(await readFile(file, 'utf8')).toBe(before);
  });
});

test('release.json of a build is a baseline, and so is its folder', async () => {
  const { file, folder } = await warned();
  const finding = { ...entry, severity: 'warning', count: undefined };
  const iso = { name: 'd.iso', label: 'D', sha256: 'a'.repeat(64), size: 1, files: [] };
  const record = {
    ...{ schemaVersion: 1, name: 'test-disc', version: '1', title: 't', kind: 'assembled', profile: 'full' },
    ...{ date: '2026-01-02T03:04:05.000Z', policy: { allow: {}, refuse: {} }, sources: [], drivers: [] },
    ...{ repairs: [], findings: [finding], tools: [], iso, artifacts: [] },
    parameters: { compression: 'zstd', release: { name: 'r.yaml', sha256: 'a'.repeat(64) } },
  };
  await mkdir(join(folder, 'built'));
  await writeFile(join(folder, 'built/release.json'), JSON.stringify(record));
  for (const given of [join(folder, 'built'), join(folder, 'built/release.json')]) {
    const { stdout } = await pvdisc(['check', file, '--baseline', given]);
    expect(stdout).toContain(`No new warnings since ${given}.\n`);
  }
});
