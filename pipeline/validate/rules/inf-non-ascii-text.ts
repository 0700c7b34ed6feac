import type { Inf } from '../../formats/inf/inf.ts';
import { defineRule } from '../define.ts';

export const infNonAsciiText = defineRule({
  id: 'inf/non-ascii-text',
  severity: 'warning',
  scope: 'package',
  explain: `The INF has non-ASCII characters outside comments but is not in UTF-16: it is in an ANSI code page, or in UTF-8 without a byte order mark.
Windows decodes it with the code page of its own language, so that device and vendor names are garbled on most machines; Microsoft requires UTF-16LE in this case ("General guidelines for INF files").
Save the INF as UTF-16LE with a byte order mark before the catalog is made, or write the names in ASCII.`,
  check: ({ inf, parsed }) => {
    const [first, ...more] = parsed.encoding === 'windows-1252' ? nonAsciiTexts(parsed) : [];
    if (first === undefined) return [];
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    return [
      {
        path: inf,
        line: first.line,
        message: `has non-ASCII characters but is not in UTF-16: "${first.text.slice(0, 60)}"${others}`,
        hint: 'save it as UTF-16LE with a byte order mark before the catalog is made',
      },
    ];
  },
});

/** Returns each parsed text with non-ASCII characters and its line; the parser drops comments and no-break spaces around names. */
function nonAsciiTexts({ sections, problems }: Inf): { readonly text: string; readonly line: number }[] {
  const texts = [...sections.values()]
    .flatMap(({ name, lines, entries }) => [
      { text: name, line: lines[0] ?? 0 },
      ...entries.flatMap(({ raw, line }) => [raw.key ?? '', ...raw.values].map((text) => ({ text, line }))),
    ])
    .filter(({ text }) => /[^\0-\x7f]/.test(text));
  const lines = new Set(texts.map(({ line }) => line));
  const spaces = problems.filter(({ kind, line }) => kind === 'no-break-space' && !lines.has(line));
  return [...texts, ...spaces].sort((a, b) => a.line - b.line);
}
