import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { checksumsText, parseReleaseSums, readSums } from '../../pipeline/formats/sums.ts';
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

const [md5, sha256] = ['0a'.repeat(16), '0a'.repeat(32)];

test.each([
  ['sha256sum', `${sha256.toUpperCase()} *a b`, { digest: sha256, path: 'a b' }],
  ['sha256sum', `${sha256}  ./a`, { digest: sha256, path: './a' }],
  ['sha256sum', `${md5}  a`, {}],
  ['sha256sum', `${sha256} a`, {}],
  ['md5sum', `${md5}  usr/a b`, { digest: md5, path: 'usr/a b' }],
  ['md5sum', `${md5} *a`, {}],
  ['md5sum', `${sha256}  a`, {}],
  ['Release', `${sha256}       12 main/Packages`, { digest: sha256, path: 'main/Packages' }],
  ['Release', `${sha256}  main/Packages`, {}],
] as const)('a line of %s: %s', (form, line, listed) => {
  expect(readSums(`\n${line}\r\n`, form)).toEqual([{ line: 2, ...listed }]);
});

test.each(['../a', 'a/b', './a', '.', '..', ' a', '*a', 'a\0'])(
  'the sums of a release name files beside them, not %j',
  (path) => {
    const text = `${sha256}  a\n${sha256}  ${path}\n`;
    expect(() => parseReleaseSums(text, 'SHA256SUMS')).toThrow(
      'SHA256SUMS:2: is not a line of sha256sum, "<sha256>  <file name>", without a path',
    );
  },
);
