import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { checksumsText } from '../../pipeline/formats/sums.ts';
import { hashFile } from '../../pipeline/system/files.ts';
import { temporaryFolder } from '../builders/release.ts';

test('one line for each file, sorted by name', () => {
  const text = checksumsText([
    { name: 'b.iso', sha256: 'bb' },
    { name: 'a.deb', sha256: 'aa' },
    { name: 'B.txt', sha256: 'cc' },
  ]);
  expect(text).toBe('cc  B.txt\naa  a.deb\nbb  b.iso\n');
  expect(checksumsText([])).toBe('');
});

test('sha256sum reads it, and finds a change', async () => {
  const folder = await temporaryFolder('pvdisc-sums-');
  const files = await Promise.all(
    ['x.iso', 'with blank'].map(async (name) => {
      await writeFile(join(folder, name), name);
      return { name, sha256: (await hashFile(join(folder, name))).sha256 };
    }),
  );
  await writeFile(join(folder, 'SHA256SUMS'), checksumsText(files));
  const check = () =>
    execa('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
      cwd: folder,
      reject: false,
      env: { LC_ALL: 'C' },
    });
  expect(await check()).toMatchObject({ exitCode: 0, stdout: 'with blank: OK\nx.iso: OK' });
  await writeFile(join(folder, 'x.iso'), 'other');
  expect(await check()).toMatchObject({ exitCode: 1, stdout: 'with blank: OK\nx.iso: FAILED' });
});
