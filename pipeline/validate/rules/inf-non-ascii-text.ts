import type { Inf } from '../../formats/inf/inf.ts';
import { defineRule } from '../define.ts';

export const infNonAsciiText = defineRule({
  id: 'inf/non-ascii-text',
  severity: 'warning',
  scope: 'package',
  explain: `The INF has characters outside ASCII, other than in comments, and is not in UTF-16: its bytes are of one ANSI code page, or are UTF-8 without a byte order mark.
Windows reads them by the code page of its own language, so that names of devices and vendors come out as other characters on most machines; Microsoft asks for UTF-16LE in that case ("General guidelines for INF files").
Save the INF as UTF-16LE with a byte order mark before the catalog is made, or write the names in ASCII.`,
  check: ({ inf, parsed }) => {
    const [first, ...more] = parsed.encoding === 'windows-1252' ? nonAsciiTexts(parsed) : [];
    if (first === undefined) return [];
    const others = more.length === 0 ? '' : ` and ${more.length} more like it`;
    return [
      {
        path: inf,
        line: first.line,
        message: `has characters outside ASCII and is not in UTF-16: "${first.text.slice(0, 60)}"${others}`,
        hint: 'save it as UTF-16LE with a byte order mark before the catalog is made',
      },
    ];
  },
});

/** Each piece of text that Windows uses, with its line; comments are no part of what was parsed. */
function nonAsciiTexts({ sections }: Inf): { readonly text: string; readonly line: number }[] {
  return [...sections.values()]
    .flatMap(({ name, lines, entries }) => [
      { text: name, line: lines[0] ?? 0 },
      ...entries.flatMap(({ raw, line }) => [raw.key ?? '', ...raw.values].map((text) => ({ text, line }))),
    ])
    .filter(({ text }) => /[^\0-\x7f]/.test(text))
    .sort((a, b) => a.line - b.line);
}
