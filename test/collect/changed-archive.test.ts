import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collect } from '../../pipeline/collect/collect.ts';
import type { Progress } from '../../pipeline/core/reporter.ts';
import { problemsOf } from '../builders/problems.ts';
import { makeRelease } from '../builders/release.ts';
import { driverFolder } from '../builders/tree.ts';
import { buildZip } from '../builders/zip.ts';

test.each([
  ['written to', (file: string, zip: Buffer) => writeFileSync(file, zip, { flag: 'r+' })],
  [
    'replaced by the same bytes',
    (file: string, zip: Buffer) => {
      writeFileSync(`${file}.new`, zip);
      renameSync(`${file}.new`, file);
    },
  ],
] as const)('an archive that is %s after its digest was checked is refused', async (_, change) => {
  const zip = await buildZip(driverFolder('Win10/x86'));
  const sha256 = createHash('sha256').update(zip).digest('hex');
  const { folder, manifest, context } = await makeRelease({
    release: { sources: { drivers: { type: 'archive', path: 'drivers.zip', sha256 } } },
  });
  const file = join(folder, 'drivers.zip');
  await writeFile(file, zip);
  const progress = ({ files = 0 }: Progress) => {
    if (files > 0) change(file, zip);
  };
  const run = collect.run(manifest, { ...context, reporter: { ...context.reporter, progress } });
  expect(await problemsOf(run, folder)).toEqual([
    './drivers.zip: was written to or replaced after its digest was checked\n  hint: a source file changed during the build: build again',
  ]);
});
