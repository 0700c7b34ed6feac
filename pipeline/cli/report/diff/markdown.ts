import { type Difference, isIdentical, titledGroups } from './difference.ts';

/** Returns a difference as Markdown (CommonMark), for a release page or a comment on a change. */
export function differenceMarkdown(found: Difference): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`## ${title}`, lines.map((line) => `- ${inlineText(line)}`).join('\n')];
  const parts = [
    `**${inlineText(found.verdict)}**`,
    [`- OLD: ${inlineText(found.old)}`, `- NEW: ${inlineText(found.new)}`, ...summary(found)].join('\n'),
    ...list('Lost', found.lost),
    ...list('Gained', found.gained),
    ...titledGroups(found).flatMap(({ title, groups }) => [`## ${title}`, groups.map(groupItem).join('\n')]),
    ...list('Other files', found.files),
    ...found.notes.map(inlineText),
  ];
  return `${parts.join('\n\n')}\n`;
}

function summary(found: Difference): string[] {
  if (isIdentical(found)) return [];
  return [`- Driver packages: ${inlineText(found.counts)}`, `- Size: ${inlineText(found.sizes)}`];
}

function groupItem({ driver, version, windows, details }: Difference['groups'][number]): string {
  const head = `- **${inlineText(driver)}** ${inlineText(version)} for ${inlineText(windows)}`;
  return [head, ...details.map((detail) => `  - ${inlineText(detail)}`)].join('\n');
}

/** Escapes all ASCII punctuation that CommonMark gives a meaning, and `@` and `:`, which make links and mentions on forges. */
function inlineText(text: string): string {
  return text
    .trim()
    .replace(/[\\`*_{}[\]<>#|~&!@]/g, (character) => (character === '@' ? '&#64;' : `\\${character}`))
    .replace(/^([-+])(?= )/, '\\$1')
    .replace(/^(\d+)([.)])(?= )/, '$1\\$2')
    .replace(/:\/\//g, ':&#47;/')
    .replace(/\bwww\./gi, 'www&#46;');
}
