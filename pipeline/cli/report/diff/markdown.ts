import { changeWords, type Difference } from './difference.ts';

/** Returns a difference as Markdown (CommonMark), for a release page or a comment on a change. */
export function differenceMarkdown(found: Difference): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`## ${title}`, lines.map((line) => `- ${inlineText(line)}`).join('\n')];
  const kinds = [...new Set(found.groups.map(({ change }) => change))];
  const isIdentical = kinds.length === 0 && found.files.length === 0;
  const parts = [
    `**${inlineText(found.verdict)}**`,
    [
      `- OLD: ${inlineText(found.old)}`,
      `- NEW: ${inlineText(found.new)}`,
      ...summary(found, isIdentical),
    ].join('\n'),
    ...list('Lost', found.lost),
    ...list('Gained', found.gained),
    ...kinds.flatMap((kind) => {
      const word = changeWords[kind];
      const items = found.groups.filter(({ change }) => change === kind).map(groupItem);
      return [`## ${word.charAt(0).toUpperCase()}${word.slice(1)}`, items.join('\n')];
    }),
    ...list('Other files', found.files),
    ...found.notes.map(inlineText),
  ];
  return `${parts.join('\n\n')}\n`;
}

function summary({ counts, sizes }: Difference, isIdentical: boolean): string[] {
  return isIdentical ? [] : [`- Driver packages: ${inlineText(counts)}`, `- Size: ${inlineText(sizes)}`];
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
