import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtSample } from '../builders/built-release.ts';
import { pvdisc } from '../builders/command.ts';

let work: string;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'pvdisc-report-'));
});

afterAll(() => rm(work, { recursive: true }));

test('writes the page of the build again, from the folder or from release.json', async () => {
  const { folder } = await builtSample();
  const built = await readFile(join(folder, 'report.html'), 'utf8');
  for (const input of [folder, join(folder, 'release.json')]) {
    const file = join(work, 'page.html');
    expect(await pvdisc(['report', input, '--output', file])).toEqual({
      exitCode: 0,
      stdout: `${file}\n`,
      stderr: '',
    });
    expect(await readFile(file, 'utf8')).toBe(built);
    await rm(file);
  }
  expect((await pvdisc(['report', folder, '--output', '-'])).stdout).toBe(built);
});

test('takes the names of the Windows from its own table for older records, whose releases have no page to verify', async () => {
  const { folder } = await builtSample();
  const { targets: _targets, ...older } = JSON.parse(await readFile(join(folder, 'release.json'), 'utf8'));
  const file = join(work, 'older.json');
  await writeFile(file, JSON.stringify(older));
  const { stdout } = await pvdisc(['report', file, '--output', '-']);
  expect(stdout).toBe(await readFile(join(folder, 'report.html'), 'utf8'));
});

test('prints the matrix and where the drivers load', async () => {
  const { folder } = await builtSample();
  const { stdout } = await pvdisc(['report', folder, '--format', 'text']);
  expect(stdout).toContain('\nsamplenull .     .   .    .      x~A-R- A-   A-   A-   A-R- A-R-\n');
  expect(stdout).toContain('3 of 3 drivers load on some of their Windows only');
  const markdown = await pvdisc(['report', folder, '--format', 'markdown']);
  expect(markdown.stdout).toContain('\n| samplenull |');
});

test('shows on the page what changed since an earlier release', async () => {
  const { folder } = await builtSample();
  const record = JSON.parse(await readFile(join(folder, 'release.json'), 'utf8'));
  const drivers = record.drivers.filter(({ driver }: { driver: string }) => driver !== 'samplenull');
  const older = join(work, 'release.json');
  const more = { ...record.drivers[0], driver: 'gone', inf: record.drivers[0].inf.replace(/^\w+/, 'gone') };
  await writeFile(older, JSON.stringify({ ...record, drivers: [...drivers, more], version: '0.0.9' }));
  const input = join(folder, 'release.json');
  const { exitCode, stdout } = await pvdisc(['report', input, '--previous', older, '--output', '-']);
  expect(exitCode).toBe(0);
  const [, section = ''] = /<section id="changes"(.*?)<\/section>/s.exec(stdout) ?? [];
  expect(section.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')).toMatch(
    /What changed since \S*release\.json \(record pvdisc-sample 0\.0\.9\).* Lost .*gone.* Gained .*samplenull.* Added samplenull .* Removed gone /,
  );
  expect(stdout).toMatch(/<a href="#changes">/);
  const refused = await pvdisc(['report', input, '--previous', older, '--format', 'text']);
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect(refused.stderr).toMatch(
    /^--previous: is for the page, not for --format text\n {2}hint: .*pvdisc diff/,
  );
});

test.each([
  ['nowhere', /^nowhere: no such file\n {2}hint: give the folder of a built release/],
  ['package.json', /^package\.json: is not the record of a build\n/],
  ['test', /^test\/release\.json: no such file\n/],
])('an input that is no release is refused: %s', async (input, message) => {
  const { exitCode, stdout, stderr } = await pvdisc(['report', input]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(message);
});
