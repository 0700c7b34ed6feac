import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Catalog, parseCatalog } from '../../../pipeline/formats/catalog/catalog.ts';
import { fileDigests, membersOf } from '../../../pipeline/formats/catalog/file-digests.ts';
import { catalogFile } from '../../../pipeline/formats/inf/files.ts';
import { parseInf } from '../../../pipeline/formats/inf/inf.ts';
import { repairLineEndings } from '../../../pipeline/formats/inf/line-endings.ts';
import { realDrivers } from '../reference.ts';

const is = (wanted: string) => (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1') === wanted;

function repair(stored: string, wanted: string): string | undefined {
  const bytes = repairLineEndings(Buffer.from(stored, 'latin1'), is(wanted));
  return bytes && Buffer.from(bytes).toString('latin1');
}

describe('what is restored', () => {
  test.each([
    ['LF throughout', 'a\nb\n', 'a\r\nb\r\n'],
    ['LF without one at the end', 'a\nb', 'a\r\nb'],
    ['LF and CRLF mixed, where the first form was CRLF', 'a\nb\r\n\nc', 'a\r\nb\r\n\r\nc'],
    ['bytes that are no ASCII', '\xe4\xff\n', '\xe4\xff\r\n'],
    ['one lone semicolon of two', 'a\n;\n\nb\n;\n\nc\n', 'a\r\n;\r\n\r\nb\r\n;\n\r\nc\r\n'],
    ['both of two', ';\n\n;\n\n', ';\n\r\n;\n\r\n'],
  ])('%s', (_what, stored, wanted) => {
    expect(repair(stored, wanted)).toBe(wanted);
  });

  test('twelve lone semicolons are all tried', () => {
    expect(repair(';\n\n'.repeat(12), ';\n\r\n'.repeat(12))).toBe(';\n\r\n'.repeat(12));
  });
});

describe('what is left alone', () => {
  test('right bytes, after one look', () => {
    let looks = 0;
    const right = (): boolean => {
      looks += 1;
      return true;
    };
    expect(repairLineEndings(Buffer.from('a\n'), right)).toBeUndefined();
    expect(looks).toBe(1);
  });

  test.each([
    ['another text', 'a\n', 'b\r\n'],
    ['CRLF where the first form was LF: only what upstream is known to do is undone', 'a\r\n', 'a\n'],
    ['a bare LF after a line that is no lone semicolon', ';x\n\n', ';x\n\r\n'],
    ['a bare LF after a lone semicolon that no empty line follows', ';\nx\n', ';\nx\r\n'],
    ['nothing at all', '', 'a'],
  ])('%s', (_what, stored, wanted) => {
    expect(repair(stored, wanted)).toBeUndefined();
  });

  test.each([
    ['thirteen lone semicolons', ';\n\n'.repeat(13), 2],
    ['a file of more than 256 KiB', `${'x'.repeat(2 ** 18)}\n`, 0],
  ])('%s, so that nobody makes it run long', (_what, stored, tries) => {
    let looks = 0;
    const wrong = (): boolean => {
      looks += 1;
      return false;
    };
    expect(repairLineEndings(Buffer.from(stored), wrong)).toBeUndefined();
    expect(looks).toBe(tries);
  });
});

describe.skipIf(realDrivers === undefined)('the real drivers', () => {
  const root = realDrivers ?? '';
  const paths = realDrivers === undefined ? [] : readdirSync(root, { recursive: true, encoding: 'utf8' });
  const catalogs = paths.filter((path) => path.endsWith('.cat'));
  const read = (path: string) => readFileSync(join(root, path));
  const isHeldBy = (catalog: Catalog) => (bytes: Uint8Array) =>
    membersOf(catalog, fileDigests(bytes)).length > 0;

  test('of 96 INFs, 52 are not as signed: 36 are repaired by CRLF throughout, 16 by the mixed form, 44 are right', () => {
    const counts = { right: 0, crlf: 0, mixed: 0, unexplained: 0 };
    for (const path of paths.filter((name) => name.endsWith('.inf'))) counts[formOf(path)] += 1;
    expect(counts).toEqual({ right: 44, crlf: 36, mixed: 16, unexplained: 0 });
  });

  test('all 387 members of the 96 catalogs then match a file', () => {
    const members = { all: 0, asStored: 0, repaired: 0 };
    for (const path of catalogs) {
      const catalog = parseCatalog(read(path));
      const names = paths.filter((name) => dirname(name) === dirname(path) && /\.(?!pdb)\w+$/.test(name));
      const beside = names.map(read);
      const infs = names.filter((name) => name.endsWith('.inf')).map(read);
      const repaired = infs.flatMap((bytes) => repairLineEndings(bytes, isHeldBy(catalog)) ?? []);
      const matched = (files: readonly Uint8Array[]) =>
        new Set(files.flatMap((bytes) => membersOf(catalog, fileDigests(bytes)))).size;
      members.all += catalog.members.length;
      members.asStored += matched(beside);
      members.repaired += matched([...beside, ...repaired]);
    }
    expect(catalogs).toHaveLength(96);
    expect(members).toEqual({ all: 387, asStored: 283, repaired: 387 });
  });

  function formOf(path: string): 'right' | 'crlf' | 'mixed' | 'unexplained' {
    const stored = read(path);
    const name = catalogFile(parseInf(stored), 'amd64')?.name ?? '';
    const own = join(dirname(path), name).toLowerCase();
    const isHeld = isHeldBy(parseCatalog(read(catalogs.find((entry) => entry.toLowerCase() === own) ?? '')));
    if (isHeld(stored)) return 'right';
    const bytes = repairLineEndings(stored, isHeld);
    if (bytes === undefined) return 'unexplained';
    return /(?<!\r)\n/.test(Buffer.from(bytes).toString('latin1')) ? 'mixed' : 'crlf';
  }
});
