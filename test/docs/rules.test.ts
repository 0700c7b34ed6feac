import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeHTML } from 'entities';
import { execa } from 'execa';
import { marked } from 'marked';
import { expect, test } from 'vitest';
import { rules } from '../../pipeline/validate/rules/index.ts';
import { temporaryFolder } from '../builders/release.ts';

const page = await readFile('docs/rules.md', 'utf8');

test('docs/rules.md is what the script writes', async () => {
  const file = join(await temporaryFolder('pvdisc-rules-'), 'rules.md');
  await execa('node', ['scripts/write-rules-doc.mjs', file]);
  const written = await readFile(file, 'utf8');
  expect(page === written, 'stale: npm run compile && node scripts/write-rules-doc.mjs').toBe(true);
});

test.each(rules)('$id is shown as --explain prints it', ({ id, severity, explain }) => {
  const [, section = ''] = page.split(`\n### ${id}\n`);
  const [text = ''] = section.split(/\n#{2,3} /);
  expect(readerSees(text)).toBe(`Severity: ${severity}\n${explain}`);
});

/** Text of the paragraphs as a browser shows them. */
function readerSees(markdown: string): string {
  const paragraphs = marked.parse(markdown, { async: false }).match(/<p>.*?<\/p>/gs) ?? [];
  return paragraphs.map((html) => decodeHTML(html.replace(/<[^>]*>/g, ''))).join('\n');
}
