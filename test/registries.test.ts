import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../pipeline/core/errors.ts';
import { packagers } from '../pipeline/package/index.ts';
import { stageNames } from '../pipeline/pipeline.ts';
import { sources } from '../pipeline/sources/index.ts';
import { rules } from '../pipeline/validate/rules/index.ts';

/** The convention: a file that calls `define…(` is an entry, named by the word that users write; every other file is a helper. */
test.each([
  ['sources', 'defineSource', Object.keys(sources)],
  ['package', 'definePackager', Object.keys(packagers)],
  ['validate/rules', 'defineRule', rules.map(({ id }) => id.replace('/', '-'))],
  ['', 'defineStage', stageNames],
])(
  'pipeline/%s: each file that calls %s has its entry, and each entry its file',
  async (folder, define, entries) => {
    const files = await filesThatCall(define);
    const places = entries.map((entry) =>
      [`${entry}.ts`, `${entry}/${entry}.ts`]
        .map((file) => join(folder, file))
        .find((file) => files.includes(file)),
    );
    expect(places.sort()).toEqual(files);
  },
);

test('a registry lists each entry under the word that it calls itself', () => {
  expect(Object.entries(sources).map(([key, { type }]) => [key, type])).toEqual(
    Object.keys(sources).map((key) => [key, key]),
  );
  expect(Object.entries(packagers).map(([key, { format }]) => [key, format])).toEqual(
    Object.keys(packagers).map((key) => [key, key]),
  );
  for (const { summary } of [...Object.values(sources), ...Object.values(packagers)])
    expect(summary).toMatch(/^.{20,120}$/);
});

describe.skipIf(!existsSync('README.md'))('README.md', () => {
  const readme = existsSync('README.md') ? readFileSync('README.md', 'utf8') : '';

  test('names each source type, packager and stage, in the order of the program', () => {
    expect(firstColumn(readme, 'source type')).toEqual(Object.keys(sources).map((name) => `\`${name}\``));
    expect(firstColumn(readme, 'packager')).toEqual(Object.keys(packagers).map((name) => `\`${name}\``));
    expect(firstColumn(readme, 'stage')).toEqual(stageNames);
  });

  test('names files that there are', () => {
    const named = readme.match(/`(?:pipeline|drivers-manifest|scripts|debian)\/[\w./-]+`/g) ?? [];
    expect(named.length).toBeGreaterThan(10);
    expect(named.map((name) => name.slice(1, -1)).filter((path) => !existsSync(path))).toEqual([]);
  });

  test('names every exit code', () => {
    const codes = firstColumn(readme, 'code').flatMap((cell) => cell.split(', ').map(Number));
    expect(codes).toEqual([...Object.values(exitCodes), 129, 143].sort((a, b) => a - b));
  });
});

/** Files of `pipeline/` that call a `define…` of their own room, without the one that declares it. */
async function filesThatCall(define: string): Promise<string[]> {
  const names = await readdir('pipeline', { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts')).sort();
  const texts = await Promise.all(files.map((name) => readFile(join('pipeline', name), 'utf8')));
  return files.filter((_, index) => new RegExp(`(?<!function )\\b${define}[(<]`).test(texts[index] ?? ''));
}

/** The cells under a heading of a Markdown table's first column. */
function firstColumn(markdown: string, heading: string): string[] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} `));
  if (start === -1) throw new Error(`no table of ${heading}`);
  const rows = lines.slice(start + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((row) => row.split('|')[1]?.trim() ?? '');
}
