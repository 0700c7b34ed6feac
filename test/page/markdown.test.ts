import { marked, type Tokens } from 'marked';
import { expect, test } from 'vitest';
import { releaseMarkdown } from '../../pipeline/page/markdown.ts';
import { builtSample } from '../builders/built-release.ts';

const tableOf = (markdown: string) =>
  marked.lexer(markdown).find((token): token is Tokens.Table => token.type === 'table');

test('the matrix is a table with a row for each driver and a column for each Windows', async () => {
  const { record } = await builtSample();
  const table = tableOf(releaseMarkdown(record, { targets: [] }));
  expect(table?.header.map(({ text }) => text).slice(0, 4)).toEqual(['driver', 'version', '2k8R2', 'w7']);
  expect(table?.rows.map(([driver, , , w7]) => [driver?.text, w7?.text])).toEqual([
    ['sampleblk', '✓ x86<br>✕ amd64'],
    ['samplenet', '✓ x86<br>✕ amd64'],
    ['samplenull', '– x86<br>– amd64'],
  ]);
  expect(table?.rows[0]?.[1]?.text).toBe('0.1.0.110 and 3 others');
});

test('strings of an INF add neither markup nor cells', async () => {
  const { record } = await builtSample();
  const hostile =
    'a|b\n| c | <img src=x> [x](http://192.0.2.1/) `d` **e** www.example.net a@b.example &lt; \u202e';
  const drivers = record.drivers.map((facts) => ({ ...facts, driverVer: `01/02/2026,${hostile}` }));
  const text = releaseMarkdown({ ...record, title: hostile, drivers }, { targets: [] });
  const table = tableOf(text);
  expect(table?.rows.map((cells) => cells.length)).toEqual(Array(3).fill(table?.header.length));
  const html = await marked.parse(text);
  expect(html).not.toMatch(/<(?:img|a|strong|em)\b/);
  expect(html).toContain('&lt;img src=x&gt;');
  expect(text).not.toContain('\u202e');
});
