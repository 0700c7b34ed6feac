import { describe, expect, test } from 'vitest';
import { documents, treatmentOf } from './documents.ts';
import { type Block, parseDocument, readDocument } from './markdown.ts';
import { showsOutput } from './output.ts';
import { stories } from './stories.ts';

describe.each(documents)('%s', (path) => {
  const { blocks } = readDocument(path);

  test('marks each fenced block in the one way that tests know', () => {
    expect(blocks.filter((block) => treatmentOf(path, block) === undefined)).toEqual([]);
  });

  test('shows output only after commands', () => {
    const treatments = blocks.map((block) => treatmentOf(path, block));
    const strays = treatments.filter(
      (each, index) => each === 'output' && !['run', 'consume'].includes(treatments[index - 1] ?? ''),
    );
    expect(strays).toEqual([]);
  });

  test('has a machine to run its commands on, if it has any', () => {
    const runs = blocks.some((block) => treatmentOf(path, block) === 'run');
    if (runs) expect(Object.keys(stories)).toContain(path);
  });
});

test('docs/README.md is the index of docs/', () => {
  const pages = documents.filter((path) => path.startsWith('docs/') && path !== 'docs/README.md');
  const linked = readDocument('docs/README.md').links.filter((link) => /^[\w-]+\.md$/.test(link));
  expect(linked.map((link) => `docs/${link}`).sort()).toEqual(pages);
});

describe('a block', () => {
  const block: Block = { language: 'sh', mark: '', text: 'true', line: 3 };
  const treatment = (changed: Partial<Block>) => treatmentOf('a.md', { ...block, ...changed });

  test.each([
    [{}, 'run'],
    [{ mark: 'not-run: needs Windows' }, 'not-run'],
    [{ language: 'bat', mark: 'not-run: needs Windows' }, 'not-run'],
    [{ language: 'ts' }, 'consume'],
    [{ language: 'text', mark: 'output' }, 'output'],
    [{ language: 'text' }, 'illustration'],
    [{ language: 'xml' }, 'validate'],
  ] as const)('with %o is to be: %s', (changed, expected) => {
    expect(treatment(changed)).toBe(expected);
  });

  test.each([
    { language: '' },
    { mark: 'not-run' },
    { mark: 'not-run: ' },
    { mark: 'skip' },
    { language: 'bat' },
    { language: 'python' },
    { language: 'text', mark: 'not-run: is no command' },
  ])('with %o is refused', (changed) => {
    expect(() => treatment(changed)).toThrow(/^a\.md:3: /);
  });

  test('is found in lists too, with its line and without its indent', () => {
    const text = '# A\n\n1. one:\n\n   ```sh\n   echo 1\n   ```\n\n```text output\n1\n```\n';
    expect(parseDocument('a.md', text).blocks).toEqual([
      { language: 'sh', mark: '', text: 'echo 1', line: 5 },
      { language: 'text', mark: 'output', text: '1', line: 9 },
    ]);
  });
});

test.each([
  ['a\nb\nc', 'b', true],
  ['a\nb\nc', 'a\nc', false],
  ['a\nb\nc', 'a\n...\nc', true],
  ['a\nb\nc', 'c\n...\na', false],
  ['  a\r\n b', 'a', false],
  ['', 'a', false],
])('output %j shows %j: %s', (printed, shown, expected) => {
  expect(showsOutput(printed, shown)).toBe(expected);
});
