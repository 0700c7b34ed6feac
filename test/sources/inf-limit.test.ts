import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pvdisc } from '../builders/command.ts';
import { temporaryFolder, writeRelease } from '../builders/release.ts';
import { driverFolder, writeTree } from '../builders/tree.ts';

const files = { ...driverFolder('Win10/amd64'), ...driverFolder('Win11/amd64') };
const sum = Object.entries(files).reduce(
  (total, [path, text]) => (path.endsWith('.inf') ? total + Buffer.byteLength(text) : total),
  0,
);

test('the INFs of a source may have so many bytes in total, and no more', async () => {
  const { folder, file } = await writeRelease({
    release: { sources: { drivers: { type: 'directory', path: 'd', limits: { infSize: sum - 1 } } } },
  });
  await writeTree(join(folder, 'd'), files);
  const { exitCode, stderr } = await pvdisc(['check', file]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    `sources.drivers: drivers: its INFs have ${sum} bytes in total, more than ${sum - 1}`,
  );
  expect(stderr).toContain('raise "infSize" under "limits" of its source in the release');
});

test('inspect has that limit too, and takes another', async () => {
  const folder = await temporaryFolder('pvdisc-inf-limit-');
  await writeTree(folder, files);
  expect(await pvdisc(['inspect', folder, '--limit', `infSize=${sum}`])).toMatchObject({ exitCode: 0 });
  expect(await pvdisc(['inspect', folder, '--limit', `infSize=${sum - 1}`])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(`pvdisc: ${folder}: its INFs have ${sum} bytes in total`),
  });
});
