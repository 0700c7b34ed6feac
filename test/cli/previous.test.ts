import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changesSince, lastRelease } from '../../pipeline/cli/previous.ts';
import { pageChanges } from '../../pipeline/cli/report/diff/page-changes.ts';
import { changeLines } from '../../pipeline/cli/report/diff/summary.ts';
import type { ReleaseRecord } from '../../pipeline/model/record.ts';
import { releasePage } from '../../pipeline/page/release-page.ts';
import { builtSample } from '../builders/built-release.ts';
import { targets } from '../builders/disc-for-windows.ts';
import { temporaryFolder } from '../builders/release.ts';

const { record } = await builtSample();

/** The sample as an earlier version had it: with a driver more, and lower versions. */
function earlier(version: string, date: string): ReleaseRecord {
  const [first] = record.drivers;
  if (first === undefined) throw new Error('the sample has drivers');
  const gone = { ...first, driver: 'gone', inf: first.inf.replace(/^\w+/, 'gone') };
  const drivers = record.drivers.map((facts) => ({ ...facts, driverVer: '01/01/2020,0.0.0.1' }));
  return { ...record, version, date, drivers: [...drivers, gone] };
}

async function outWith(records: readonly ReleaseRecord[]): Promise<string> {
  const out = await temporaryFolder('pvdisc-out-');
  for (const each of records) {
    const folder = join(out, `${each.name}-${each.version}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'release.json'), JSON.stringify(each));
  }
  return out;
}

test('the last release is the newest of another version, else the one that the build replaces', async () => {
  const older = [earlier('0.0.9', '2020-01-01T00:00:00.000Z'), earlier('0.0.10', '2021-01-01T00:00:00.000Z')];
  const out = await outWith([...older, record, { ...record, name: `${record.name}-other`, version: '9' }]);
  await mkdir(join(out, `${record.name}-broken`));
  await writeFile(join(out, `${record.name}-broken/release.json`), '{}');
  expect(await lastRelease(out, record)).toMatchObject({ name: record.name, version: '0.0.10' });
  expect(await lastRelease(await outWith([record]), record)).toMatchObject({ version: record.version });
  expect(await lastRelease(await outWith([]), record)).toBeUndefined();
  expect(await lastRelease(join(out, 'none'), record)).toBeUndefined();
});

test('what changed is in the summary, and in the record and on the page without a path of this machine', async () => {
  const out = await outWith([earlier('0.0.9', '2020-01-01T00:00:00.000Z')]);
  const last = await lastRelease(out, record);
  if (last === undefined) throw new Error('there is an earlier release');
  const { since, found } = changesSince(last, record, targets);
  const count = record.drivers.length;
  const lines = changeLines(since, found, { colour: false });
  expect(lines[0]).toBe(`Since pvdisc-sample 0.0.9: 1 removed, ${count} upgraded`);
  expect(lines[1]).toMatch(/^ {2}lost: gone/);
  expect(changeLines(since, found, { colour: true })[1]).toContain('\u001b[31m');

  const changes = pageChanges(found, since);
  const page = releasePage({ ...record, changes }, { targets });
  expect(page).toContain('What changed since pvdisc-sample 0.0.9');
  expect(page).toContain('gone');
  expect(JSON.stringify(changes) + page).not.toContain(out);
});

test('a folder for Windows Setup that is gone is in the summary, though the drivers are the same', async () => {
  const last = await lastRelease(await outWith([record]), record);
  if (last === undefined) throw new Error('there is an earlier release');
  const files = record.iso.files.filter(({ path }) => !path.startsWith('amd64/w7/'));
  const { since, found } = changesSince(last, { ...record, iso: { ...record.iso, files } }, targets);
  expect(changeLines(since, found, { colour: false })).toEqual([
    `Since pvdisc-sample ${record.version}: the drivers are the same, other files differ`,
    '  lost: folder for Windows Setup with sampleblk: amd64/w7',
  ]);
});

test('drivers that are the same take one line', async () => {
  const last = await lastRelease(await outWith([record]), record);
  if (last === undefined) throw new Error('there is an earlier release');
  const { since, found } = changesSince(last, record, targets);
  expect(changeLines(since, found, { colour: false })).toEqual([
    `Since pvdisc-sample ${record.version}: the drivers are the same`,
  ]);
});
