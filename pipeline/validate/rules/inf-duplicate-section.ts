import { defineRule } from '../define.ts';

export const infDuplicateSection = defineRule({
  id: 'inf/duplicate-section',
  severity: 'info',
  scope: 'package',
  explain: `The INF has several sections with the same name.
Windows merges them; a person who reads only one of them is misled.
No action is needed; merge the sections in the next build.`,
  check: ({ inf, parsed: { sections } }) =>
    [...sections.values()]
      .filter(({ lines }) => lines.length > 1)
      .map(({ name, lines: [first, ...others] }) => ({
        path: inf,
        ...(others[0] !== undefined && { line: others[0] }),
        message: `[${name}] repeats the section of line ${first}`,
        hint: 'merge the sections in the next build',
      })),
});
