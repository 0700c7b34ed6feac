import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withDeadline } from '../../pipeline/core/deadline.ts';
import { defaultLimits, type Limits } from '../../pipeline/core/limits.ts';
import { readManifest } from '../../pipeline/manifest/read.ts';
import { archive } from '../../pipeline/sources/archive/archive.ts';
import { pvdisc } from '../builders/command.ts';
import { temporaryFolder, writeRelease } from '../builders/release.ts';
import { makeSetting, place } from '../builders/source-setting.ts';
import { driverFolder } from '../builders/tree.ts';
import { buildZip } from '../builders/zip.ts';
import { zipArchive } from './zip-archive.ts';

const deep = `${'d/'.repeat(40)}x.sys`;
const three = ['a', 'b', deep].map((name) => ({ name }));

test.each([
  ['files', 2, 'holds more than 2 files and folders'],
  ['size', 2, 'unpacks to more than 2 bytes'],
  ['depth', 40, 'is deeper than 40 folders'],
  ['pathLength', 50, 'its path is longer than 50 bytes'],
] as const)(
  'the limit %s of a release holds for its source, and the error names it',
  async (limit, most, message) => {
    const raised = { depth: 41 };
    expect(await checkWith(raised)).not.toContain('raise "');
    const said = await checkWith({ ...raised, [limit]: most });
    expect(said).toContain(message);
    expect(said).toContain(`raise "${limit}" under "limits" of its source in the release`);
  },
);

test('the schema refuses limits that are none', async () => {
  for (const [limits, message] of [
    [{ files: 0 }, /limits.files/],
    [{ size: 1.5 }, /limits.size/],
    [{ colour: 1 }, /colour/],
    [{ pathLength: 10_000 }, /limits.pathLength/],
  ] as const) {
    const { file } = await writeWith(limits);
    await expect(readManifest(file)).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(message),
    });
  }
});

test('limits that a release does not name are the default ones', async () => {
  const { file } = await writeWith({ files: 7 });
  const { release } = await readManifest(file);
  expect(release.sources.drivers).toMatchObject({ limits: { ...defaultLimits, files: 7 } });
});

test('inspect takes --limit', async () => {
  const file = join(await temporaryFolder('pvdisc-limit-'), 'x.zip');
  await writeFile(file, zipArchive(three));
  const refused = await pvdisc(['inspect', file]);
  expect(refused).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('or inspect it with --limit depth=NUMBER'),
  });
  const raised = await pvdisc(['inspect', file, '--limit', 'depth=41', '--limit', 'files=3']);
  expect(raised).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await pvdisc(['inspect', file, '--limit', 'depth=41', '--limit', 'files=2'])).toMatchObject({
    exitCode: 1,
  });
  const wrong = {
    depth: 'does not have the form NAME=NUMBER',
    'depth=': 'does not have the form NAME=NUMBER',
    'depth=-1': 'does not have the form NAME=NUMBER',
    'depth=0': 'does not have the form NAME=NUMBER',
    'colour=3': 'no limit is called "colour"',
  };
  for (const [limit, fact] of Object.entries(wrong))
    expect(await pvdisc(['inspect', file, '--limit', limit])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`--limit ${limit}: ${fact}`),
    });
});

test('a source that takes too long is stopped at its deadline, which is told', async () => {
  const setting = await makeSetting();
  await writeFile(join(setting.base, 'x.zip'), await buildZip(driverFolder('Win10/amd64')));
  const limits = { ...defaultLimits, seconds: 0.001 };
  const skip = () => {
    for (const end = performance.now() + 20; performance.now() < end; );
    return false;
  };
  const request = setting.request({ limits, skip });
  const opening = archive.open({ type: 'archive', path: 'x.zip' }, request, setting.context);
  await expect(opening).rejects.toMatchObject({ kind: 'input', problems: [{ place }] });
  await expect(opening).rejects.toThrow('x.zip: took more than 0.001 seconds to read');
});

test('an abort before the deadline stays one, and so does an error', async () => {
  const { context } = await makeSetting();
  const subject = { place, name: 'x' };
  const aborted = { ...context, signal: AbortSignal.abort() };
  const failing = async () => {
    throw new TypeError('broken');
  };
  for (const given of [context, aborted])
    await expect(withDeadline(subject, defaultLimits, given, failing)).rejects.toThrow(TypeError);
});

async function checkWith(limits: Partial<Limits>): Promise<string> {
  const { folder, file } = await writeWith(limits);
  await writeFile(join(folder, 'x.zip'), zipArchive(three));
  const { exitCode, stdout, stderr } = await pvdisc(['check', file]);
  expect(exitCode).toBe(1);
  return stdout + stderr;
}

function writeWith(limits: Readonly<Record<string, number>>) {
  return writeRelease({ release: { sources: { drivers: { type: 'archive', path: 'x.zip', limits } } } });
}
