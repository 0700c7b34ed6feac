import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { readHashed, verifyReleaseFiles } from '../../pipeline/verify/release-files.ts';
import { problemsOf } from '../builders/problems.ts';
import { temporaryFolder } from '../builders/release.ts';

test('a document that changes after it was hashed is not read, and a FIFO not waited for', async () => {
  const folder = await temporaryFolder('pvdisc-hashed-');
  const file = join(folder, 'release.json');
  await writeFile(file, '{}');
  const { digests } = await verifyReleaseFiles(folder, new AbortController().signal);
  expect((await readHashed(folder, 'release.json', digests)).toString()).toBe('{}');
  const problem = async () => (await problemsOf(readHashed(folder, 'release.json', digests)))[0];
  await writeFile(file, '[]');
  expect(await problem()).toMatch(/^release\.json: changed while it was verified\n {2}hint: /);
  await rm(file);
  expect(await problem()).toMatch(/^release\.json: no such file\n/);
  await execa('mkfifo', [file]);
  expect(await problem()).toMatch(/^release\.json: is not a regular file\n/);
  await rm(file);
  await symlink('/etc/hostname', file);
  expect(await problem()).toMatch(/^release\.json: is not a regular file\n/);
});
