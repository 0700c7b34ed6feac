import { escapeUTF8 } from 'entities';
import { type Difference, isIdentical, titledGroups } from './difference.ts';

/** Returns a difference as a page without scripts or other files. */
export function differenceHtml(found: Difference): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Driver changes</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 1rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
.lost { border-left: .3rem solid #c62828; padding-left: .8rem; }
.gained { border-left: .3rem solid #2e7d32; padding-left: .8rem; }
</style>
</head>
<body>
<main>
<h1>Driver changes</h1>
${differenceSection(found)}
</main>
</body>
</html>
`;
}

/** Returns a difference as HTML for a page of its own or a section of another; its headings begin at h2. */
export function differenceSection(found: Difference): string {
  const facts = [
    ['Old', found.old],
    ['New', found.new],
    ...(isIdentical(found)
      ? []
      : [
          ['Driver packages', found.counts],
          ['Size', found.sizes],
        ]),
  ];
  return [
    `<p><strong>${escapeUTF8(found.verdict)}</strong></p>`,
    `<dl>${facts.map(([term = '', text = '']) => `<dt>${term}</dt><dd>${escapeUTF8(text)}</dd>`).join('')}</dl>`,
    ...section('Lost', found.lost, 'lost'),
    ...section('Gained', found.gained, 'gained'),
    ...titledGroups(found).map(
      ({ title, groups }) =>
        `<section><h2>${title}</h2><ul>${groups.map(groupItem).join('\n')}</ul></section>`,
    ),
    ...section('Other files', found.files),
    ...found.notes.map((note) => `<p>${escapeUTF8(note)}</p>`),
  ].join('\n');
}

function section(title: string, lines: readonly string[], style = 'files'): string[] {
  return lines.length === 0 ? [] : [`<section class="${style}"><h2>${title}</h2>${listOf(lines)}</section>`];
}

function listOf(lines: readonly string[]): string {
  return `<ul>${lines.map((line) => `<li>${escapeUTF8(line)}</li>`).join('\n')}</ul>`;
}

function groupItem({ driver, version, windows, details }: Difference['groups'][number]): string {
  const head = `<strong>${escapeUTF8(driver)}</strong> ${escapeUTF8(version)} for ${escapeUTF8(windows)}`;
  return `<li>${head}${details.length === 0 ? '' : listOf(details)}</li>`;
}
