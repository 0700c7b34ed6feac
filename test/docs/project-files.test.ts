import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readDocument, tableWith } from './markdown.ts';

const { version, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

test('CONTRIBUTING.md justifies each package of package.json', () => {
  const page = readDocument('CONTRIBUTING.md');
  const rows = [
    ...tableWith(page, 'bundled package', 'used for', 'why not own code').rows,
    ...tableWith(page, 'development package', 'used for').rows,
  ];
  const names = rows.flatMap(([cell = '']) => cell.match(/(?<=`)@?[\w./*-]+(?=`)/g) ?? []);
  const expected = Object.keys(devDependencies).map((name) => name.replace(/^@types\/.*/, '@types/*'));
  expect(names.sort()).toEqual([...new Set(expected)].sort());
  for (const row of rows) for (const cell of row) expect(cell, `row of ${row[0]}`).toMatch(/.{4}/);
});

test('CHANGELOG.md begins with the version of package.json and the date of its Debian package', () => {
  const headings: string[] = readFileSync('CHANGELOG.md', 'utf8').match(/(?<=^## ).*$/gm) ?? [];
  const [newest] = headings.filter((heading) => heading !== 'Unreleased');
  const changelog = readFileSync('debian/changelog', 'utf8');
  const [, packaged] = /^pvdisc \((.+)-\d+\)/.exec(changelog) ?? [];
  const [, date = ''] = /^ -- .*> {2}(.*)$/m.exec(changelog) ?? [];
  expect(packaged).toBe(version);
  expect(newest).toBe(`${version} - ${new Date(date).toISOString().slice(0, 10)}`);
  expect(headings.lastIndexOf('Unreleased')).toBeLessThan(1);
});

test('SECURITY.md names tests that exist', () => {
  const { rows } = tableWith(readDocument('SECURITY.md'), 'guard', 'tests');
  const folders = rows.map(([, cell = '']) => cell.replaceAll('`', ''));
  expect(folders.filter((folder) => !existsSync(folder))).toEqual([]);
  expect(readFileSync('debian/control', 'utf8')).toMatch(/^Maintainer: .+ <.+@.+>$/m);
});
